package io.miniai.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.miniai.data.DatasetDict;
import io.miniai.data.FashionMnist;
import io.miniai.data.ImageDataset;
import io.miniai.data.Mnist;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleMakerTest {
    @TempDir
    Path dir;

    private void write(String name, int[] dims, byte[] data) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(new GZIPOutputStream(bytes))) {
            out.writeInt(0x800 | dims.length);
            for (int dim : dims) {
                out.writeInt(dim);
            }
            out.write(data);
        }
        Files.write(dir.resolve(name), bytes.toByteArray());
    }

    /** Images of 2×2 pixels that hold their number; the labels run backwards. */
    private void writeOriginals(String part, int count) throws IOException {
        byte[] pixels = new byte[count * 4];
        byte[] labels = new byte[count];
        for (int i = 0; i < count; i++) {
            pixels[4 * i] = (byte) i;
            labels[i] = (byte) (9 - i % 10);
        }
        write(part + "-images-idx3-ubyte.gz", new int[] {count, 2, 2}, pixels);
        write(part + "-labels-idx1-ubyte.gz", new int[] {count}, labels);
    }

    @Test
    void takes_the_first_of_each_class_in_the_order_of_the_originals_and_repeats_itself_to_the_byte()
            throws IOException {
        writeOriginals("train", 100);
        writeOriginals("t10k", 50);
        Path one = dir.resolve("one.zip");
        Path two = dir.resolve("two.zip");
        SampleMaker.make(dir, one, 3, 2);
        SampleMaker.make(dir, two, 3, 2);
        assertThat(one).hasSameBinaryContentAs(two);

        DatasetDict sample = Mnist.open(one);
        assertThat(sample.train().size()).isEqualTo(30);
        assertThat(sample.test().size()).isEqualTo(20);
        for (int i = 0; i < 30; i++) {
            assertThat(sample.train().get(i).pixel(0, 0, 0)).isEqualTo(i);
            assertThat(sample.train().label(i)).isEqualTo(9 - i % 10);
            assertThat(sample.train().name(i)).endsWith("/" + i + ".png");
        }
    }

    @Test
    void the_samples_that_come_along_are_balanced_and_begin_like_the_originals() {
        DatasetDict fashion = FashionMnist.open(SampleData.of(KnownDataset.FASHION_MNIST));
        assertBalanced(fashion.train(), 1000);
        assertBalanced(fashion.test(), 200);
        DatasetDict mnist = Mnist.open(SampleData.of(KnownDataset.MNIST));
        assertBalanced(mnist.train(), 500);
        assertBalanced(mnist.test(), 100);
        int[] firstLabels = {5, 0, 4, 1, 9, 2, 1, 3};
        for (int i = 0; i < firstLabels.length; i++) {
            assertThat(mnist.train().label(i)).isEqualTo(firstLabels[i]);
        }
    }

    private static void assertBalanced(ImageDataset images, int perClass) {
        int[] count = new int[10];
        for (int i = 0; i < images.size(); i++) {
            count[images.label(i)]++;
        }
        assertThat(count).containsOnly(perClass);
    }
}
