package io.miniai.tensor.kernel;

import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;

/** Optimizer steps on float32 parameters, each in one pass over the memory. */
final class CpuOptimizers {
    private static final int GRAIN = CpuElementwise.GRAIN;

    private CpuOptimizers() {}

    static void sgd(
            Array p,
            Array grad,
            double lr,
            double weightDecay,
            double momentum,
            double dampening,
            boolean nesterov,
            boolean first,
            @Nullable Array buffer) {
        if (weightDecay == 0 && buffer == null) {
            descend(p, grad, (float) lr);
            return;
        }
        FloatBuffer parameters = CpuMemory.floats(p);
        FloatBuffer gradients = CpuMemory.floats(grad);
        FloatBuffer memory = buffer == null ? null : CpuMemory.floats(buffer);
        float rate = (float) lr;
        float decay = (float) weightDecay;
        float keep = first ? 0 : (float) momentum;
        float take = first ? 1 : (float) (1 - dampening);
        float ownShare = nesterov ? 1 : 0;
        float memoryShare = nesterov ? (float) momentum : 1;
        CpuElementwise.eachPiece(CpuElementwise.length(p), GRAIN, (s, at, n) -> {
            float[] w = s.floats(0, n);
            float[] g = s.floats(1, n);
            parameters.get(at, w, 0, n);
            gradients.get(at, g, 0, n);
            if (decay != 0) {
                for (int i = 0; i < n; i++) {
                    g[i] += decay * w[i];
                }
            }
            if (memory != null) {
                float[] m = s.floats(2, n);
                remember(memory, at, m, g, n, keep, take);
                memory.put(at, m, 0, n);
                for (int i = 0; i < n; i++) {
                    g[i] = ownShare * g[i] + memoryShare * m[i];
                }
            }
            for (int i = 0; i < n; i++) {
                w[i] -= rate * g[i];
            }
            parameters.put(at, w, 0, n);
        });
    }

    /** p −= rate·grad. Most parameters are small, and there are many: not even an object for each. */
    private static void descend(Array p, Array grad, float rate) {
        int length = CpuElementwise.length(p);
        if (length < 2 * GRAIN) {
            Gemm.add(Scratch.get(), length, -rate, CpuMemory.address(grad), CpuMemory.address(p));
            return;
        }
        Workers.shared().run(length, GRAIN, (part, from, to) -> {
            long skipped = (long) from * Float.BYTES;
            Gemm.add(
                    Scratch.get(), to - from, -rate, CpuMemory.address(grad) + skipped, CpuMemory.address(p) + skipped);
        });
    }

    /** m = keep·buffer + take·g; what the buffer holds before the first step does not count, not even NaN. */
    private static void remember(FloatBuffer buffer, int at, float[] m, float[] g, int n, float keep, float take) {
        if (keep == 0) {
            for (int i = 0; i < n; i++) {
                m[i] = take * g[i];
            }
        } else {
            buffer.get(at, m, 0, n);
            for (int i = 0; i < n; i++) {
                m[i] = keep * m[i] + take * g[i];
            }
        }
    }

    static void adam(
            Array p,
            Array grad,
            Array firstMoment,
            Array secondMoment,
            double lr,
            double beta1,
            double beta2,
            double eps,
            double weightDecay,
            boolean decoupled,
            long step) {
        FloatBuffer parameters = CpuMemory.floats(p);
        FloatBuffer gradients = CpuMemory.floats(grad);
        FloatBuffer means = CpuMemory.floats(firstMoment);
        FloatBuffer squares = CpuMemory.floats(secondMoment);
        float shrink = decoupled ? (float) (1 - lr * weightDecay) : 1;
        float decay = decoupled ? 0 : (float) weightDecay;
        float rate = (float) (lr / (1 - Math.pow(beta1, (double) step)));
        float correction = (float) (1 / Math.sqrt(1 - Math.pow(beta2, (double) step)));
        float b1 = (float) beta1;
        float b2 = (float) beta2;
        float c1 = (float) (1 - beta1);
        float c2 = (float) (1 - beta2);
        float epsilon = (float) eps;
        CpuElementwise.eachPiece(CpuElementwise.length(p), GRAIN, (s, at, n) -> {
            float[] w = s.floats(0, n);
            float[] g = s.floats(1, n);
            float[] m = s.floats(2, n);
            float[] v = s.floats(3, n);
            parameters.get(at, w, 0, n);
            gradients.get(at, g, 0, n);
            means.get(at, m, 0, n);
            squares.get(at, v, 0, n);
            for (int i = 0; i < n; i++) {
                g[i] += decay * w[i];
            }
            for (int i = 0; i < n; i++) {
                m[i] = b1 * m[i] + c1 * g[i];
                v[i] = b2 * v[i] + c2 * g[i] * g[i];
            }
            for (int i = 0; i < n; i++) {
                g[i] = (float) Math.sqrt(v[i]) * correction + epsilon;
            }
            for (int i = 0; i < n; i++) {
                w[i] = shrink * w[i] - rate * m[i] / g[i];
            }
            means.put(at, m, 0, n);
            squares.put(at, v, 0, n);
            parameters.put(at, w, 0, n);
        });
    }
}
