/**
 * Floor 0: native memory and the kernels that compute on it. Internal: nothing here is API.
 *
 * <p>Kernels know arrays (memory, type, sizes), not tensors: no autograd, no broadcasting rules, no
 * user-facing checks. The caller has checked shapes and allocated the result.
 */
@NullMarked
package io.miniai.tensor.kernel;

import org.jspecify.annotations.NullMarked;
