/** The callbacks that ship with the library. */
@NullMarked
package io.miniai.callback;

import org.jspecify.annotations.NullMarked;
