package io.miniai.tensor.kernel;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A class of tests that every implementation of {@link Kernels} must pass, in float32 and in float64: its
 * constructor takes a {@link Bench}. The expected values are computed in the tests by plain loops in double
 * precision.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedClass(name = "{0}")
@MethodSource("io.miniai.tensor.kernel.Bench#all")
@interface KernelsContract {}
