package io.miniai.tensor.kernel;

/** Elementwise functions of two arguments; comparisons give 1 or 0. */
public enum Binary {
    ADD,
    SUB,
    MUL,
    DIV,
    POW,
    MAX,
    MIN,
    EQ,
    NE,
    GT,
    GE,
    LT,
    LE;

    /** Whether the result says true (1) or false (0). */
    public boolean isComparison() {
        return switch (this) {
            case EQ, NE, GT, GE, LT, LE -> true;
            default -> false;
        };
    }
}
