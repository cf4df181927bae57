/** The examples and their command line. */
@NullMarked
package io.miniai.examples;

import org.jspecify.annotations.NullMarked;
