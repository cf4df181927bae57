package io.miniai.serve;

import io.miniai.nn.ModelInput;

/** Turns values of samples into what the model was trained on: (value − mean) ÷ std by channel. */
final class InputScale {
    private final int channels;
    private final int plane;
    private final double[] mean;
    private final double[] std;
    /** What each byte of an image becomes, by channel; as a loader does it. */
    private final float[][] ofByte;

    InputScale(ModelInput input) {
        channels = input.sample().dim(0);
        plane = Math.toIntExact(input.sample().numel()) / channels;
        mean = new double[channels];
        std = new double[channels];
        ofByte = new float[channels][256];
        for (int c = 0; c < channels; c++) {
            mean[c] = input.mean().isEmpty() ? 0 : input.mean().get(c);
            std[c] = input.std().isEmpty() ? 1 : input.std().get(c);
            for (int b = 0; b < 256; b++) {
                ofByte[c][b] = (float) ((b / 255.0 - mean[c]) / std[c]);
            }
        }
    }

    /** All samples, one after the other. */
    void apply(byte[] pixels, float[] values) {
        for (int i = 0, c = 0; i < values.length; c = (c + 1) % channels) {
            float[] table = ofByte[c];
            for (int end = i + plane; i < end; i++) {
                values[i] = table[pixels[i] & 0xff];
            }
        }
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
