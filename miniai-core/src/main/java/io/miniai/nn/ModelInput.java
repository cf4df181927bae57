package io.miniai.nn;

import io.miniai.file.JsonObject;
import io.miniai.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one sample is before it goes into a model: its shape, and how its values are changed on the way,
 * {@code (value − mean) ÷ std} by channel. Images have values in 0..1.
 *
 * @param sample shape without the batch: {@code [C, H, W]} for images, {@code [features]}
 * @param mean one number a channel (the first dimension), or none for values that go in as they are
 * @param std as many, above 0
 */
public record ModelInput(Shape sample, List<Double> mean, List<Double> std) {
    private static final int MOST_DIMENSIONS = 8;

    /** @throws IllegalArgumentException when the numbers do not fit together */
    public ModelInput {
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        int channels = sample.rank() == 0 ? 0 : sample.dim(0);
        if (sample.rank() == 0 || sample.rank() > MOST_DIMENSIONS) {
            throw new IllegalArgumentException(
                    "Expected the shape of one sample, such as [1, 28, 28]; got " + sample + ".");
        }
        if (mean.size() != std.size() || (!mean.isEmpty() && mean.size() != channels)) {
            throw new IllegalArgumentException("Expected a mean and a std for each of " + channels + " channels; got "
                    + mean + " and " + std + ".");
        }
        if (!mean.stream().allMatch(Double::isFinite) || !std.stream().allMatch(s -> s > 0 && Double.isFinite(s))) {
            throw new IllegalArgumentException(
                    "Expected finite means, and stds above 0; got " + mean + " and " + std + ".");
        }
    }

    /** Samples of this shape whose values go in as they are. */
    public static ModelInput of(int... sample) {
        return new ModelInput(Shape.of(sample), List.of(), List.of());
    }

    /** The same, shifted and scaled by channel, as a loader's {@code normalize} does. */
    public ModelInput normalized(double[] channelMean, double[] channelStd) {
        return new ModelInput(
                sample,
                Arrays.stream(channelMean).boxed().toList(),
                Arrays.stream(channelStd).boxed().toList());
    }

    Map<String, Object> json() {
        List<Map<String, Object>> channels = new ArrayList<>();
        for (int c = 0; c < mean.size(); c++) {
            channels.add(Map.of("mean", mean.get(c), "std", std.get(c)));
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("rank", sample.rank());
        json.put("shape", Arrays.stream(sample.toArray()).boxed().toList());
        json.put("channels", channels);
        return json;
    }

    static ModelInput of(JsonObject json) {
        int rank = (int) json.integer("rank", 1, MOST_DIMENSIONS);
        List<JsonObject> channels = json.objects("channels");
        return new ModelInput(
                Shape.of(json.integers("shape", rank)),
                channels.stream().map(c -> c.number("mean")).toList(),
                channels.stream().map(c -> c.number("std")).toList());
    }
}
