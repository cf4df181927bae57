package io.miniai.tensor.kernel;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Sliding windows to test image kernels with: odd sizes, every kind of stride, padding and dilation. */
final class Windows {
    private Windows() {}

    static Geometry of(int[] image, int kh, int kw, int sh, int sw, int ph, int pw, int dh, int dw) {
        int outH = Math.floorDiv(image[2] + 2 * ph - dh * (kh - 1) - 1, sh) + 1;
        int outW = Math.floorDiv(image[3] + 2 * pw - dw * (kw - 1) - 1, sw) + 1;
        return new Geometry(image[0], image[1], image[2], image[3], kh, kw, sh, sw, ph, pw, dh, dw, outH, outW);
    }

    private static Geometry square(int[] image, int kernel, int stride, int padding, int dilation) {
        return of(image, kernel, kernel, stride, stride, padding, padding, dilation, dilation);
    }

    static Stream<Geometry> all() {
        return Stream.concat(
                pooling(),
                Stream.of(
                        square(new int[] {2, 3, 5, 7}, 1, 1, 0, 1),
                        square(new int[] {3, 4, 6, 5}, 1, 2, 1, 1),
                        square(new int[] {2, 1, 5, 5}, 4, 1, 2, 1),
                        square(new int[] {2, 3, 4, 4}, 5, 1, 4, 1),
                        square(new int[] {4, 16, 2, 2}, 3, 2, 1, 1),
                        square(new int[] {5, 8, 7, 7}, 3, 2, 1, 1),
                        square(new int[] {3, 1, 28, 28}, 3, 2, 1, 1),
                        of(new int[] {3, 1, 9, 24}, 3, 3, 1, 2, 1, 1, 2, 1),
                        of(new int[] {2, 1, 6, 15}, 2, 5, 1, 1, 0, 2, 1, 1),
                        square(new int[] {2, 2, 10, 11}, 3, 3, 1, 1),
                        square(new int[] {2, 2, 9, 9}, 5, 3, 4, 1),
                        square(new int[] {2, 3, 8, 6}, 4, 2, 1, 1),
                        of(new int[] {2, 2, 7, 9}, 4, 3, 2, 2, 2, 0, 1, 1),
                        of(new int[] {2, 3, 9, 8}, 3, 2, 1, 3, 2, 3, 2, 1)));
    }

    /** Over batches that are no multiple of anything: of enough images to be worked on together, and of too many. */
    static Stream<Geometry> ofManyImages() {
        return Stream.concat(
                allOfSomeMoreImages(),
                Stream.of(
                        square(new int[] {901, 2, 5, 7}, 3, 1, 1, 1),
                        of(new int[] {901, 3, 4, 9}, 3, 3, 1, 2, 1, 1, 1, 1),
                        square(new int[] {2101, 1, 3, 3}, 3, 2, 1, 1),
                        // Taps that lie outside of the image wherever some tile is, and more padding than they reach.
                        square(new int[] {1100, 1, 3, 9}, 5, 1, 2, 1),
                        square(new int[] {35, 1, 10, 1}, 5, 1, 2, 1),
                        of(new int[] {35, 1, 4, 4}, 1, 1, 1, 1, 1, 0, 2, 1),
                        of(new int[] {33, 2, 4, 5}, 2, 2, 1, 1, 3, 1, 2, 1)));
    }

    private static Stream<Geometry> allOfSomeMoreImages() {
        return Stream.concat(all(), upsampled()).map(g -> ofImages(33 + g.n(), g));
    }

    static Stream<Geometry> ofOneImage() {
        return Stream.concat(all(), upsampled()).map(g -> ofImages(1, g));
    }

    private static Geometry ofImages(int n, Geometry g) {
        return of(
                        new int[] {n, g.c(), g.h(), g.w()},
                        g.kernelH(),
                        g.kernelW(),
                        g.strideH(),
                        g.strideW(),
                        g.padH(),
                        g.padW(),
                        g.dilationH(),
                        g.dilationW())
                .upsampling(g.upsample());
    }

    /** Over images that are made larger first: the last two are no multiple of simple cases. */
    static Stream<Geometry> upsampled() {
        return Stream.of(
                square(new int[] {3, 2, 8, 8}, 3, 1, 1, 1).upsampling(2),
                square(new int[] {5, 4, 6, 10}, 3, 1, 1, 1).upsampling(2),
                square(new int[] {2, 1, 6, 9}, 3, 1, 1, 1).upsampling(3),
                square(new int[] {2, 3, 8, 4}, 5, 1, 2, 1).upsampling(2),
                square(new int[] {2, 3, 8, 4}, 1, 1, 0, 1).upsampling(4),
                of(new int[] {2, 2, 6, 6}, 3, 5, 1, 1, 1, 2, 1, 1).upsampling(2),
                square(new int[] {2, 2, 32, 32}, 3, 1, 1, 1).upsampling(2),
                square(new int[] {2, 2, 6, 6}, 3, 1, 0, 1).upsampling(2),
                square(new int[] {2, 3, 8, 8}, 4, 2, 1, 1).upsampling(2),
                square(new int[] {2, 2, 8, 8}, 3, 1, 2, 2).upsampling(4));
    }

    /** Those whose padding is at most half the kernel, as pooling wants it. */
    static Stream<Geometry> pooling() {
        return Stream.of(
                square(new int[] {1, 1, 1, 1}, 1, 1, 0, 1),
                square(new int[] {2, 3, 7, 5}, 3, 1, 1, 1),
                square(new int[] {2, 3, 7, 5}, 3, 2, 1, 1),
                square(new int[] {2, 2, 8, 8}, 2, 2, 0, 1),
                square(new int[] {2, 2, 7, 9}, 2, 2, 0, 1),
                square(new int[] {1, 2, 8, 8}, 2, 3, 0, 1),
                square(new int[] {3, 2, 9, 9}, 3, 1, 0, 2),
                square(new int[] {2, 1, 9, 11}, 3, 2, 1, 3),
                square(new int[] {3, 2, 6, 6}, 6, 1, 0, 1),
                of(new int[] {1, 2, 6, 9}, 2, 3, 2, 1, 0, 1, 1, 1),
                of(new int[] {2, 3, 7, 8}, 3, 2, 1, 2, 1, 0, 2, 1),
                of(new int[] {2, 1, 5, 6}, 1, 4, 1, 2, 0, 2, 1, 1));
    }

    /** Pooling of images that are worked on in several bands of rows, in one of the memory orders or in all. */
    static Stream<Geometry> poolingInBands() {
        return Stream.of(
                square(new int[] {2, 2, 131, 127}, 2, 2, 0, 1),
                square(new int[] {2, 2, 131, 127}, 3, 2, 1, 1),
                square(new int[] {3, 5, 70, 91}, 2, 2, 1, 1),
                square(new int[] {33, 6, 21, 20}, 2, 3, 0, 1),
                square(new int[] {33, 7, 20, 21}, 2, 2, 0, 1),
                square(new int[] {100, 9, 9, 10}, 2, 2, 0, 1),
                square(new int[] {100, 9, 9, 10}, 3, 1, 1, 1),
                of(new int[] {40, 4, 19, 30}, 3, 2, 5, 2, 1, 0, 1, 1));
    }

    /** Any window for a convolution over a few small images, many of them, or one; the same for every number. */
    static Geometry random(int number) {
        SplittableRandom random = new SplittableRandom(number);
        int[] batches = {1, 2, 3, 31, 32, 33, 48, 64, 70};
        int n = random.nextInt(50) == 0 ? random.nextInt(900, 1200) : batches[random.nextInt(batches.length)];
        int scale = random.nextInt(4) == 0 ? random.nextInt(2, 4) : 1;
        while (true) {
            int[] image = {
                n, random.nextInt(1, 9), scale * random.nextInt(1, 12 / scale), scale * random.nextInt(1, 12 / scale)
            };
            int[] kernel = two(random, 1, 6);
            int[] stride = two(random, 1, 4);
            int[] dilation = two(random, 1, 4);
            int[] padding = two(random, 0, 5);
            Geometry g = of(
                            image,
                            kernel[0],
                            kernel[1],
                            stride[0],
                            stride[1],
                            padding[0],
                            padding[1],
                            dilation[0],
                            dilation[1])
                    .upsampling(scale);
            if (g.outH() > 0 && g.outW() > 0) {
                return g;
            }
        }
    }

    /** The same for pooling: padding is at most half the kernel, and a pixel in every window. */
    static Geometry randomPooling(int number) {
        for (int i = 0; ; i++) {
            Geometry g = random(number * 1_000 + i).upsampling(1);
            if (2 * g.padH() <= g.kernelH() && 2 * g.padW() <= g.kernelW() && seesPixels(g)) {
                return g;
            }
        }
    }

    private static boolean seesPixels(Geometry g) {
        boolean[] seen = new boolean[g.positions()];
        NaiveImages.patches(ofImages(1, g), (n, c, source, k, position) -> seen[position] |= source >= 0);
        for (boolean s : seen) {
            if (!s) {
                return false;
            }
        }
        return true;
    }

    /** Two numbers, alike in two of three cases. */
    private static int[] two(SplittableRandom random, int from, int to) {
        int[] pair = {random.nextInt(from, to), random.nextInt(from, to)};
        if (random.nextInt(3) > 0) {
            Arrays.fill(pair, pair[0]);
        }
        return pair;
    }
}
