/** What is said when data is not as it should be: every message of this module is built here. */
@NullMarked
package io.miniai.data.fault;

import org.jspecify.annotations.NullMarked;
