package io.miniai.tensor.kernel;

import java.nio.FloatBuffer;
import java.util.Arrays;

/** Upsampling of float32 images in any memory order. */
final class CpuUpsampling {
    private CpuUpsampling() {}

    static void upsample(Array x, int scale, Array out) {
        Planes in = Planes.of(x);
        Planes results = Planes.of(out);
        int rowLength = in.w() * in.c();
        FloatBuffer from = CpuMemory.floats(x);
        FloatBuffer to = CpuMemory.floats(out);
        Workers.shared().run(in.n(), in.grain(), (part, first, end) -> {
            Scratch s = Scratch.get();
            float[] row = s.floats(0, rowLength);
            float[] wide = s.floats(1, rowLength * scale);
            for (int r = first * in.h(); r < end * in.h(); r++) {
                in.read(from, r / in.h(), r % in.h() * in.w(), in.w(), row);
                stretch(row, in, scale, wide);
                for (int i = 0; i < scale; i++) {
                    int at = (r % in.h() * scale + i) * in.w() * scale;
                    results.write(wide, to, r / in.h(), at, in.w() * scale);
                }
            }
        });
    }

    private static void stretch(float[] row, Planes in, int scale, float[] wide) {
        int at = 0;
        for (int x = 0; x < in.w(); x++) {
            for (int i = 0; i < scale; i++) {
                for (int c = 0; c < in.c(); c++) {
                    wide[at++] = row[x * in.c() + c];
                }
            }
        }
    }

    static void upsampleGrad(Array dy, int scale, Array dx) {
        Planes in = Planes.of(dx);
        Planes gradients = Planes.of(dy);
        int rowLength = in.w() * in.c();
        FloatBuffer from = CpuMemory.floats(dy);
        FloatBuffer to = CpuMemory.floats(dx);
        Workers.shared().run(in.n(), in.grain(), (part, first, end) -> {
            Scratch s = Scratch.get();
            float[] sum = s.floats(0, rowLength);
            float[] wide = s.floats(1, rowLength * scale);
            for (int r = first * in.h(); r < end * in.h(); r++) {
                Arrays.fill(sum, 0, rowLength, 0f);
                for (int i = 0; i < scale; i++) {
                    int at = (r % in.h() * scale + i) * in.w() * scale;
                    gradients.read(from, r / in.h(), at, in.w() * scale, wide);
                    addBlocks(wide, in, scale, sum);
                }
                in.write(sum, to, r / in.h(), r % in.h() * in.w(), in.w());
            }
        });
    }

    private static void addBlocks(float[] wide, Planes in, int scale, float[] sum) {
        int at = 0;
        for (int x = 0; x < in.w(); x++) {
            for (int i = 0; i < scale; i++) {
                for (int c = 0; c < in.c(); c++) {
                    sum[x * in.c() + c] += wide[at++];
                }
            }
        }
    }
}
