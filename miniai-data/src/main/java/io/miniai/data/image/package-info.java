/** PNG images to bytes and back, checked before anything is decoded. */
@NullMarked
package io.miniai.data.image;

import org.jspecify.annotations.NullMarked;
