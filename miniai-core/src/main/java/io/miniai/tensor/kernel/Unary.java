package io.miniai.tensor.kernel;

/** Elementwise functions of one argument, with what their gradient needs. */
public enum Unary {
    NEG(false),
    EXP(true),
    LOG(false),
    SQRT(true),
    ABS(false),
    SQUARE(false),
    SIGMOID(true),
    TANH(true),
    RELU(true);

    private final boolean savesOutput;

    Unary(boolean savesOutput) {
        this.savesOutput = savesOutput;
    }

    /** Whether the gradient is computed from the output (true) or from the input (false). */
    public boolean savesOutput() {
        return savesOutput;
    }
}
