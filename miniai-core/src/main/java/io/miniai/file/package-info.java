/** Files: the safetensors format, JSON, and writing that either happens as a whole or not at all. */
@NullMarked
package io.miniai.file;

import org.jspecify.annotations.NullMarked;
