/** Fetching published files from their mirrors, checked by content. */
@NullMarked
package io.miniai.data.download;

import org.jspecify.annotations.NullMarked;
