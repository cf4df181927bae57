/** What tests of several packages share: PyTorch's fixtures and the check of gradients by differences. */
@NullMarked
package io.miniai.testing;

import org.jspecify.annotations.NullMarked;
