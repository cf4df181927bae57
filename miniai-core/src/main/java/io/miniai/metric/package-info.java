/** Metrics: what is measured besides the loss. */
@NullMarked
package io.miniai.metric;

import org.jspecify.annotations.NullMarked;
