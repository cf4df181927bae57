package io.miniai.tensor.kernel;

import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;

/** Products of float32 matrices: each worker computes some rows, or some columns where there are more of them. */
final class CpuMatmul {
    private static final long GRAIN = 300_000;

    private CpuMatmul() {}

    static void run(Array a, boolean transposeA, Array b, boolean transposeB, @Nullable Array bias, Array out) {
        int m = out.size(0);
        int n = out.size(1);
        int k = a.size(transposeA ? 0 : 1);
        int lda = a.size(1);
        int ldb = b.size(1);
        if (bias != null) {
            fillRows(bias, out, m, n);
        }
        float beta = bias == null ? 0 : 1;
        long pa = CpuMemory.address(a);
        long pb = CpuMemory.address(b);
        long pc = CpuMemory.address(out);
        boolean byRows = m >= n;
        long line = (long) k * (byRows ? n : m);
        int grain = (int) Math.max(1, Math.min(Integer.MAX_VALUE, GRAIN / Math.max(1, line)));
        int lines = byRows ? m : n;
        int few = Workers.shared().parts(lines, grain);
        int many = Workers.shared().smallParts(lines, grain);
        int parts = Gemm.packs(transposeB, line * lines / many) ? few : many;
        Workers.shared().runParts(lines, parts, (part, from, to) -> {
            Scratch s = Scratch.get();
            if (byRows) {
                long at = pa + bytes(transposeA ? from : (long) from * lda);
                Gemm.run(
                        s,
                        transposeA,
                        transposeB,
                        to - from,
                        n,
                        k,
                        at,
                        lda,
                        pb,
                        ldb,
                        beta,
                        pc + bytes((long) from * n),
                        n);
            } else {
                long at = pb + bytes(transposeB ? (long) from * ldb : from);
                Gemm.run(s, transposeA, transposeB, m, to - from, k, pa, lda, at, ldb, beta, pc + bytes(from), n);
            }
        });
    }

    private static void fillRows(Array bias, Array out, int m, int n) {
        float[] row = Scratch.get().floats(0, n);
        CpuMemory.floats(bias).get(0, row, 0, n);
        FloatBuffer to = CpuMemory.floats(out);
        for (int r = 0; r < m; r++) {
            to.put(r * n, row, 0, n);
        }
    }

    private static long bytes(long floats) {
        return floats * Float.BYTES;
    }
}
