package io.miniai.tensor.kernel;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * The way back of {@link CpuColumns}: sums rows of {@code kH·kW·C} gradients, one for each output position,
 * into channels-last images. Rows come in order; an image is written when its last row has come. For one thread.
 */
final class CpuFold {
    private final Geometry g;
    private final Scratch scratch;
    private final int paddedWidth;
    private final float[] image;
    private final int imageSize;
    private final int pieces;
    private final int pieceLength;
    private final int pieceStep;

    CpuFold(Geometry g, Scratch scratch) {
        this.g = g;
        this.scratch = scratch;
        paddedWidth = g.w() + 2 * g.padW();
        imageSize = (g.h() + 2 * g.padH()) * paddedWidth * g.c();
        image = scratch.floats(2, imageSize);
        boolean wholeRows = g.dilationW() == 1;
        pieces = wholeRows ? 1 : g.kernelW();
        pieceLength = wholeRows ? g.kernelW() * g.c() : g.c();
        pieceStep = g.dilationW() * g.c();
    }

    /** Adds output rows {@code from} to {@code to}, counted through all images. */
    void add(Scratch.Tile columns, int from, int to, FloatBuffer dx) {
        int rowLength = g.outW() * g.patch();
        float[] heap = scratch.floats(1, rowLength);
        for (int row = from; row < to; row++) {
            int y = row % g.outH();
            if (y == 0) {
                Arrays.fill(image, 0, imageSize, 0f);
            }
            columns.floats.get((row - from) * rowLength, heap, 0, rowLength);
            addRow(heap, y);
            if (y == g.outH() - 1) {
                write(row / g.outH(), dx);
            }
        }
    }

    private void addRow(float[] columns, int y) {
        int from = 0;
        for (int x = 0; x < g.outW(); x++) {
            int corner = (y * g.strideH() * paddedWidth + x * g.strideW()) * g.c();
            for (int ky = 0; ky < g.kernelH(); ky++) {
                int to = corner + ky * g.dilationH() * paddedWidth * g.c();
                for (int p = 0; p < pieces; p++) {
                    addPiece(columns, from, to + p * pieceStep);
                    from += pieceLength;
                }
            }
        }
    }

    private void addPiece(float[] columns, int from, int to) {
        for (int i = 0; i < pieceLength; i++) {
            image[to + i] += columns[from + i];
        }
    }

    private void write(int n, FloatBuffer dx) {
        int rowLength = g.w() * g.c();
        for (int y = 0; y < g.h(); y++) {
            int from = ((y + g.padH()) * paddedWidth + g.padW()) * g.c();
            dx.put((n * g.h() + y) * rowLength, image, from, rowLength);
        }
    }
}
