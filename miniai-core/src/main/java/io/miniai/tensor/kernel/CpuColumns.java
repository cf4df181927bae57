package io.miniai.tensor.kernel;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Unfolds channels-last images into columns, a tile at a time: one row for each output position with
 * {@code kH·kW·C} pixels and a 1 behind them, which meets the bias in the packed weight.
 *
 * <p>Channels-last makes a kernel row one contiguous piece of {@code kW·C} floats. The image rows that a
 * tile needs are first copied into a Java array with zero borders, so that no window is a special case.
 * For one thread.
 */
final class CpuColumns {
    /** Below this many floats a bulk copy costs more than reading them one by one. */
    static final int SHORT_PIECE = 8;

    /** What is done with one tile of columns. */
    interface Tile {
        /**
         * Uses a tile, which is overwritten afterwards.
         *
         * @param part which worker it is
         * @param columns the columns of {@code positions} positions from output row {@code row} on
         * @param first whether it is the worker's first
         */
        void use(int part, Scratch s, Scratch.Tile columns, int row, int positions, boolean first);
    }

    private final Geometry g;
    private final Scratch scratch;
    private final int paddedWidth;
    private final int pieceLength;
    private final int pieces;
    private final int[] offsets;
    private final int length;
    private final int outputRows;
    private final float[] band;

    /** Columns of tiles of up to {@code outputRows} output rows. */
    CpuColumns(Geometry g, int outputRows, Scratch scratch) {
        this.g = g;
        this.scratch = scratch;
        this.outputRows = Math.min(outputRows, g.outH());
        int lastWindowEnd = (g.outW() - 1) * g.strideW() + g.dilationW() * (g.kernelW() - 1) + 1;
        paddedWidth = Math.max(g.w() + 2 * g.padW(), lastWindowEnd);
        boolean wholeRows = g.dilationW() == 1;
        pieceLength = wholeRows ? g.kernelW() * g.c() : g.c();
        length = g.patch();
        pieces = length / pieceLength;
        offsets = scratch.ints(2, length);
        pieceOffsets(wholeRows);
        if (pieceLength < SHORT_PIECE) {
            pixelOffsets();
        }
        int bandRows = (this.outputRows - 1) * g.strideH() + g.dilationH() * (g.kernelH() - 1) + 1;
        int size = bandRows * paddedWidth * g.c();
        band = scratch.floats(0, size);
        Arrays.fill(band, 0, size, 0f);
    }

    /** Unfolds all images, each worker some output rows, a tile at a time; each tile is used before the next is made. */
    static void eachTile(Array images, Geometry g, int parts, int tileRows, Tile body) {
        FloatBuffer image = CpuMemory.floats(images);
        Workers.shared().runParts(g.n() * g.outH(), parts, (part, first, last) -> {
            Scratch s = Scratch.get();
            CpuColumns columns = new CpuColumns(g, tileRows, s);
            Scratch.Tile tile = s.tile(0, tileRows * g.outW() * (g.patch() + 1));
            for (int row = first; row < last; row += tileRows) {
                int end = Math.min(last, row + tileRows);
                columns.fill(image, row, end, tile);
                body.use(part, s, tile, row, (end - row) * g.outW(), row == first);
            }
        });
    }

    /** Where each piece of a window starts, seen from the window's corner in the band. */
    private void pieceOffsets(boolean wholeRows) {
        int columns = wholeRows ? 1 : g.kernelW();
        for (int ky = 0; ky < g.kernelH(); ky++) {
            for (int kx = 0; kx < columns; kx++) {
                offsets[ky * columns + kx] = (ky * g.dilationH() * paddedWidth + kx * g.dilationW()) * g.c();
            }
        }
    }

    /** Where each pixel of a window lies, which takes the place of the pieces where these are short. */
    private void pixelOffsets() {
        for (int i = length - 1; i >= 0; i--) {
            offsets[i] = offsets[i / pieceLength] + i % pieceLength;
        }
    }

    /** Unfolds output rows {@code from} to {@code to}, counted through all images, with rows of {@code length + 1}. */
    void fill(FloatBuffer image, int from, int to, Scratch.Tile tile) {
        int position = 0;
        for (int row = from; row < to; ) {
            int n = row / g.outH();
            int y = row % g.outH();
            int rows = Math.min(Math.min(to - row, g.outH() - y), outputRows);
            loadBand(image, n, y * g.strideH() - g.padH(), rows);
            if (pieceLength < SHORT_PIECE) {
                gatherRows(rows, tile.floats, position);
            } else {
                copyRows(rows, tile.floats, position);
            }
            position += rows * g.outW();
            row += rows;
        }
    }

    private void loadBand(FloatBuffer image, int n, int firstY, int rows) {
        int bandRows = (rows - 1) * g.strideH() + g.dilationH() * (g.kernelH() - 1) + 1;
        int rowLength = g.w() * g.c();
        for (int i = 0; i < bandRows; i++) {
            int y = firstY + i;
            int at = (i * paddedWidth + g.padW()) * g.c();
            if (y < 0 || y >= g.h()) {
                Arrays.fill(band, at, at + rowLength, 0f);
            } else {
                image.get((n * g.h() + y) * rowLength, band, at, rowLength);
            }
        }
    }

    private void copyRows(int rows, FloatBuffer columns, int firstPosition) {
        int to = firstPosition * (length + 1);
        for (int y = 0; y < rows; y++) {
            for (int x = 0; x < g.outW(); x++) {
                int corner = (y * g.strideH() * paddedWidth + x * g.strideW()) * g.c();
                for (int i = 0; i < pieces; i++) {
                    columns.put(to, band, corner + offsets[i], pieceLength);
                    to += pieceLength;
                }
                columns.put(to++, 1f);
            }
        }
    }

    private void gatherRows(int rows, FloatBuffer columns, int firstPosition) {
        int width = length + 1;
        int count = rows * g.outW() * width;
        float[] heap = scratch.floats(1, count);
        int to = 0;
        for (int y = 0; y < rows; y++) {
            for (int x = 0; x < g.outW(); x++) {
                int corner = (y * g.strideH() * paddedWidth + x * g.strideW()) * g.c();
                for (int i = 0; i < length; i++) {
                    heap[to + i] = band[corner + offsets[i]];
                }
                to += width;
                heap[to - 1] = 1f;
            }
        }
        columns.put(firstPosition * width, heap, 0, count);
    }
}
