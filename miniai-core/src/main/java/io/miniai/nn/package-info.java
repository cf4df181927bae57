/** Modules: layers, containers, losses and initialisation. */
@NullMarked
package io.miniai.nn;

import org.jspecify.annotations.NullMarked;
