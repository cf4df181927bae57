/** Pictures of images and of numbers, written as PNG; no screen is needed. */
@NullMarked
package io.miniai.data.picture;

import org.jspecify.annotations.NullMarked;
