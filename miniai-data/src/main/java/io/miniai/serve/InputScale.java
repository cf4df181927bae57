package io.miniai.serve;

import io.miniai.data.PixelScale;
import io.miniai.nn.ModelInput;

/** Turns values of samples into what the model was trained on: (value − mean) ÷ std by channel. */
final class InputScale {
    private final int channels;
    private final int plane;
    private final double[] mean;
    private final double[] std;
    private final PixelScale ofBytes;

    InputScale(ModelInput input) {
        channels = input.sample().dim(0);
        plane = Math.toIntExact(input.sample().numel()) / channels;
        mean = new double[channels];
        std = new double[channels];
        for (int c = 0; c < channels; c++) {
            mean[c] = input.mean().isEmpty() ? 0 : input.mean().get(c);
            std[c] = input.std().isEmpty() ? 1 : input.std().get(c);
        }
        ofBytes = PixelScale.normalized(mean, std);
    }

    /** All samples, one after the other; bytes become what they do in a loader. */
    void apply(byte[] pixels, float[] values) {
        ofBytes.toFloats(pixels, values, values.length / (channels * plane), plane);
    }

    /** As above, in place. */
    void apply(float[] values) {
        for (int i = 0, c = 0; i < values.length; c = (c + 1) % channels) {
            for (int end = i + plane; i < end; i++) {
                values[i] = (float) ((values[i] - mean[c]) / std[c]);
            }
        }
    }
}
