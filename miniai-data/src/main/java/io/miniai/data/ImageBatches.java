package io.miniai.data;

import io.miniai.data.fault.Faults;
import io.miniai.data.image.ImageFormat;
import io.miniai.learn.Batch;
import io.miniai.tensor.HostBuffer;
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
        private final int imageBytes = format.bytes();
        private final byte[] pixels = new byte[imageBytes];
        private final float[] values = new float[imageBytes];
        private final long[] labels;
        private @Nullable HostBuffer batch;
        private int count;

        ImageBuffer(int batchSize) {
            labels = new long[batchSize];
        }

        @Override
        public void fill(int[] samples, long epoch, BooleanSupplier stopped) {
            count = 0;
            HostBuffer into = HostBuffer.allocate(Math.multiplyExact(samples.length, imageBytes));
            try (ImageDataset.PixelReader reader = images.open()) {
                for (int sample : samples) {
                    if (stopped.getAsBoolean()) {
                        return;
                    }
                    if (read(reader, sample)) {
                        labels[count] = images.label(sample);
                        transform(sample, epoch);
                        scale.toFloats(pixels, values, 1);
                        into.put(count * imageBytes, values, imageBytes);
                        count++;
                    }
                }
            }
            batch = into;
        }

        private boolean read(ImageDataset.PixelReader reader, int sample) {
            try {
                reader.read(sample, pixels, 0);
                return true;
            } catch (RuntimeException e) {
                bad.add(sample, images.name(sample), e);
                return false;
            }
        }

        private void transform(int sample, long epoch) {
            if (transform == null) {
                return;
            }
            Sample before = new Sample(format, pixels.clone(), (int) labels[count]);
            Sample after;
            try {
                after = transform.apply(before, Rng.of(seed, epoch, sample));
            } catch (RuntimeException e) {
                throw Faults.badTransform(sample, images.name(sample), e);
            }
            if (!after.format().equals(format)) {
                throw Faults.resizingTransform(
                        sample,
                        images.name(sample),
                        format.toString(),
                        after.format().toString());
            }
            System.arraycopy(after.pixels(), 0, pixels, 0, imageBytes);
            labels[count] = after.label();
        }

        @Override
        public int count() {
            return count;
        }

        @Override
        public Batch collate() {
            HostBuffer filled = Objects.requireNonNull(batch, "fill comes first");
            batch = null;
            long[] y = count == labels.length ? labels : Arrays.copyOf(labels, count);
            return new Batch(
                    filled.toTensor(count, format.channels(), format.height(), format.width()), Tensor.of(y, count));
        }
    }
}
