package io.miniai.data;

import io.miniai.data.ImageDataset.StoredImage;
import io.miniai.data.fault.Faults;
import io.miniai.data.image.ImageFormat;
import io.miniai.learn.Batch;
import io.miniai.tensor.Rng;
import io.miniai.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Images into batches: x {@code [N, C, H, W]} floats, y {@code [N]} labels.
 *
 * @param images where they come from
 * @param scale how bytes become floats
 * @param transform changes each sample before, if there is one
 * @param seed of the transform's draws
 * @param bad what happens to images that cannot be read
 */
record ImageBatches(
        ImageDataset images, PixelScale scale, @Nullable ImageTransform transform, long seed, BadSamples bad)
        implements BatchSource {

    @Override
    public int size() {
        return images.size();
    }

    @Override
    public boolean maySkip() {
        return bad.maySkip();
    }

    @Override
    public Map<String, String> fingerprint() {
        Map<String, String> f = new LinkedHashMap<>();
        f.put("images", images.format().toString());
        f.put("classes", String.join(", ", images.classNames()));
        f.put("content", ImageDigest.of(images));
        f.put("scale", scale.toString());
        f.put("transform", transform == null ? "none" : "some");
        return f;
    }

    @Override
    public Buffer newBuffer(int batchSize) {
        return new ImageBuffer(batchSize);
    }

    private final class ImageBuffer implements Buffer {
        private final ImageFormat format = images.format();
        private final long[] labels;
        private byte[][] arrays = {};
        private int[] starts = {};
        private int count;

        ImageBuffer(int batchSize) {
            labels = new long[batchSize];
        }

        @Override
        public boolean fillFromMemory(int[] samples) {
            begin(samples);
            for (int sample : samples) {
                if (!addStored(sample)) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public void fill(int[] samples, long epoch, BooleanSupplier stopped) {
            begin(samples);
            try (ImageDataset.PixelReader reader = images.open()) {
                for (int sample : samples) {
                    if (stopped.getAsBoolean()) {
                        return;
                    }
                    if (!addStored(sample)) {
                        read(reader, sample, epoch);
                    }
                }
            }
        }

        private void begin(int[] samples) {
            count = 0;
            arrays = new byte[samples.length][];
            starts = new int[samples.length];
        }

        /** As it lies in memory; not where it has to be changed first. */
        private boolean addStored(int sample) {
            StoredImage stored = transform == null ? images.stored(sample) : null;
            if (stored != null) {
                add(stored, images.label(sample));
            }
            return stored != null;
        }

        private void add(StoredImage image, int label) {
            arrays[count] = image.array();
            starts[count] = image.start();
            labels[count] = label;
            count++;
        }

        private void read(ImageDataset.PixelReader reader, int sample, long epoch) {
            byte[] pixels = new byte[format.bytes()];
            try {
                reader.read(sample, pixels, 0);
            } catch (Exception e) { // checked ones, too, which other languages do not declare
                bad.add(sample, images.name(sample), e);
                return;
            }
            Sample read = new Sample(format, pixels, images.label(sample));
            Sample changed = transform == null ? read : transformed(transform, read, sample, epoch);
            byte[] result = changed.pixels();
            // The transform may write its next result into the same array.
            add(new StoredImage(result == pixels ? pixels : result.clone(), 0), changed.label());
        }

        private Sample transformed(ImageTransform change, Sample before, int sample, long epoch) {
            Sample after;
            try {
                after = Objects.requireNonNull(
                        change.apply(before, Rng.of(seed, epoch, sample)), "it returned null instead of a sample");
            } catch (Exception e) { // checked ones, too
                throw Faults.badTransform(sample, images.name(sample), e);
            }
            if (!after.format().equals(format)) {
                throw Faults.resizingTransform(
                        sample,
                        images.name(sample),
                        format.toString(),
                        after.format().toString());
            }
            return after;
        }

        @Override
        public int count() {
            return count;
        }

        @Override
        public Batch collate() {
            boolean whole = count == arrays.length;
            Tensor x = scale.tensor(
                    whole ? arrays : Arrays.copyOf(arrays, count),
                    whole ? starts : Arrays.copyOf(starts, count),
                    format);
            return new Batch(x, Tensor.of(count == labels.length ? labels : Arrays.copyOf(labels, count), count));
        }
    }
}
