package io.miniai.serve;

import static io.miniai.nn.Layers.act;
import static io.miniai.nn.Layers.conv;

import io.miniai.data.ImageDataset;
import io.miniai.data.Sample;
import io.miniai.data.image.ImageFormat;
import io.miniai.nn.Flatten;
import io.miniai.nn.Init;
import io.miniai.nn.Module;
import io.miniai.nn.Sequential;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Random;

/** The lesson's classifier, untrained, and random images for it. */
final class Cnn {
    private static final List<String> NAMES = List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j");

    private Cnn() {}

    static Module make() {
        Init.seed(3);
        Module cnn = Sequential.of(
                conv(1, 4), conv(4, 8), conv(8, 16), conv(16, 16), conv(16, 10, act(false)), new Flatten());
        Init.seed(0);
        return cnn;
    }

    static ImageDataset images(int count) {
        byte[] pixels = new byte[count * 784];
        new Random(5).nextBytes(pixels);
        return ImageDataset.of(new ImageFormat(1, 28, 28), pixels, new int[count], NAMES);
    }

    /** A grey image in the memory of another type, with samples as they stand. */
    static BufferedImage buffered(Sample s, int type) {
        BufferedImage image = new BufferedImage(28, 28, type);
        int bands = image.getRaster().getNumBands();
        for (int y = 0; y < 28; y++) {
            for (int x = 0; x < 28; x++) {
                for (int b = 0; b < bands; b++) {
                    int value = b == 3 ? 255 : s.pixel(0, y, x);
                    image.getRaster().setSample(x, y, b, type == BufferedImage.TYPE_USHORT_GRAY ? value << 8 : value);
                }
            }
        }
        return image;
    }
}
