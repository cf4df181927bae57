/** Where the image files are: a folder tree or a zip, listed in little memory and read by number. */
@NullMarked
package io.miniai.data.store;

import org.jspecify.annotations.NullMarked;
