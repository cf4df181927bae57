package io.miniai.tensor;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;

/** What tensors say when they are used wrongly; docs/errors.md lists the texts. */
class MessagesTest {
    private static final Tensor IMAGES = Tensor.zeros(2, 3, 5, 5);
    private static final Tensor LABELS = Tensor.of(new long[] {0, 7}, 2);

    private static Arguments says(String message, ThrowingCallable wrong) {
        return arguments(message, wrong);
    }

    static Stream<Arguments> messages() {
        Tensor leaf = Tensor.ones(2).requiresGrad(true);
        return Stream.of(
                says("Expected sizes of at least 1; got [2, 0].", () -> Shape.of(2, 0)),
                says(
                        "Expected at most 2,147,483,647 elements; got [65536, 65536, 65536, 65536]. Fix: several smaller tensors.",
                        () -> Tensor.zeros(65536, 65536, 65536, 65536)),
                says(
                        "Expected less than 1.75 GiB for one tensor; got 490,000,000 values of 4 bytes. Fix: several smaller ones,"
                                + " such as smaller batches.",
                        () -> Tensor.zeros(490_000_000)),
                says(
                        "Expected an index from -3 to 2 of [3]; got -5.",
                        () -> Tensor.zeros(3).get(-5)),
                says("Expected a limit of at least 1 byte; got -5.", () -> MemoryStats.limit(-5)),
                says(
                        "Expected a dimension from -2 to 1 of [2, 3]; got 2.",
                        () -> Shape.of(2, 3).dim(2)),
                says(
                        "Expected shapes that broadcast (from the last dimension: equal, or one of them 1); got [2, 3] and [2]:"
                                + " 3 against 2 in dimension 1.",
                        () -> Tensor.zeros(2, 3).add(Tensor.zeros(2))),
                says("Expected 6 values for shape [2, 3]; got 2.", () -> Tensor.of(new float[2], 2, 3)),
                says("Expected rows of one length (2); got 1 in row 1.", () -> Tensor.of(new float[][] {{1, 2}, {3}})),
                says(
                        "Expected one index inside each dimension of [2, 3]; got [2, 0].",
                        () -> Tensor.zeros(2, 3).at(2, 0)),
                says(
                        "Expected a tensor with one element for item(); got [2]. Fix: reduce it first, or at(…).",
                        () -> Tensor.zeros(2).item()),
                says(
                        "Expected a leaf; got the result of an op. Fix: detach() it first.",
                        () -> leaf.mul(2).requiresGrad(true)),
                says(
                        "Expected a scalar for backward(); got [2]. Fix: reduce it, or backward(upstream).",
                        () -> leaf.mul(2).backward()),
                says(
                        "Expected a tensor that requires a gradient; got one that does not. Fix: compute it from parameters"
                                + " with requiresGrad(true), not frozen and not detached, with no noGrad around it.",
                        () -> Tensor.scalar(1).backward()),
                says(
                        "Expected an upstream gradient of shape [2]; got [3].",
                        () -> leaf.mul(2).backward(Tensor.ones(3))),
                says(
                        "Expected size 1 in dimension 0 of [2]; got 2.",
                        () -> Tensor.zeros(2).squeeze(0)),
                says(
                        "Expected a floating-point tensor for requiresGrad; got INT64 [2]. Fix: toDType(DType.FLOAT32).",
                        () -> LABELS.requiresGrad(true)),
                says("Expected clamp bounds lo ≤ hi; got 2.0 and 1.0.", () -> leaf.clamp(2, 1)),
                says(
                        "Expected [.., m, k] times [.., k, n]; got [2, 3] times [2, 3].",
                        () -> Tensor.zeros(2, 3).matmul(Tensor.zeros(2, 3))),
                says(
                        "Expected a shape with the 6 elements of [2, 3] (one size may be -1); got [4, -1].",
                        () -> Tensor.zeros(2, 3).reshape(4, -1)),
                says(
                        "Expected each dimension of [2, 3] once; got [0, 0].",
                        () -> Tensor.zeros(2, 3).permute(0, 0)),
                says("Expected at least one tensor to concatenate; got none.", () -> Tensor.concat(0)),
                says(
                        "Expected INT64 labels for crossEntropy; got FLOAT32. Fix: labels.toDType(DType.INT64).",
                        () -> Tensor.zeros(2, 3).crossEntropy(Tensor.zeros(2))),
                says(
                        "Expected labels from 0 to 2 (3 classes); got 7.",
                        () -> Tensor.zeros(2, 3).crossEntropy(LABELS)),
                says(
                        "Expected logits [N, classes] and labels [N] for crossEntropy; got [2, 3, 5, 5] and [2].",
                        () -> IMAGES.crossEntropy(LABELS)),
                says(
                        "Expected two tensors of one shape and type for mseLoss; got FLOAT32 [2] and FLOAT32 [3].",
                        () -> leaf.mseLoss(Tensor.zeros(3))),
                says("Expected INT64 labels; got FLOAT32. Fix: labels.toDType(INT64).", () -> leaf.oneHot(3)),
                says(
                        "Expected tensors of one type for matmul; got FLOAT32 and FLOAT64. Fix: bring one to the type of the other with toDType.",
                        () -> Tensor.zeros(2, 2).matmul(Tensor.zeros(DType.FLOAT64, 2, 2))),
                says(
                        "Expected [.., in] with a weight [out, in]; got [2, 3] and [4, 2].",
                        () -> Tensor.zeros(2, 3).linear(Tensor.zeros(4, 2), null)),
                says(
                        "Expected a bias [4]; got [2].",
                        () -> Tensor.zeros(2, 3).linear(Tensor.zeros(4, 3), Tensor.zeros(2))),
                says(
                        "Expected tensors of one type for linear; got FLOAT32 and FLOAT64. Fix: bring one to the type of the other with toDType.",
                        () -> Tensor.zeros(2, 3).linear(Tensor.zeros(4, 3), Tensor.zeros(DType.FLOAT64, 4))),
                says(
                        "Expected tensors of one type for conv2d; got FLOAT32 and FLOAT64. Fix: bring one to the type of the other with toDType.",
                        () -> IMAGES.conv2d(Tensor.zeros(DType.FLOAT64, 4, 3, 3, 3), null, Window.of(3))),
                says(
                        "Expected images [N, C, H, W], [C, H, W] or [H, W]; got [1, 2, 3, 5, 5].",
                        () -> IMAGES.unsqueeze(0).upsampleNearest2d(2)),
                says(
                        "Expected a floating-point tensor for avgPool2d; got INT64 [1, 1, 2, 2]. Fix: toDType(DType.FLOAT32).",
                        () -> Tensor.arange(4).reshape(2, 2).avgPool2d(Window.of(2))),
                says(
                        "Expected tensors of one type that differ only in dimension 0; got FLOAT32 [2, 3] and FLOAT32 [2, 2].",
                        () -> Tensor.concat(0, Tensor.zeros(2, 3), Tensor.zeros(2, 2))),
                says(
                        "Expected padding that leaves at least one pixel of [2, 3, 5, 5]; got left -3, right -3, top 0, bottom 0.",
                        () -> IMAGES.pad(-3, -3, 0, 0)),
                says(
                        "Expected a shape that [2, 3] can stretch to; got [3].",
                        () -> Tensor.zeros(2, 3).expand(3)),
                says(
                        "Expected images [N, C, H, W], [C, H, W] or [H, W]; got [3].",
                        () -> Tensor.zeros(3).unfold(Window.of(3))),
                says(
                        "Expected an INT64 index of rank 1 to gather from [2]; got FLOAT32 [2].",
                        () -> leaf.gather(0, Tensor.zeros(2))),
                says("Expected an index from 0 to 1 in dimension 0 of [2]; got 7.", () -> leaf.gather(0, LABELS)),
                says("Expected a scale of at least 1; got 0.", () -> IMAGES.upsampleNearest2d(0)),
                says("Expected a bound of at least 1; got 0.", () -> Rng.of(1).nextInt(0)),
                says(
                        "Expected values of shape [2]; got [3].",
                        () -> TensorUpdates.assign(Tensor.zeros(2), Tensor.zeros(3))),
                says(
                        "Expected one backward() for each forward; got a second one through EXP, whose intermediate values are"
                                + " gone. Fix: compute the loss again, or add the losses and call backward() once.",
                        () -> {
                            Tensor y = leaf.exp();
                            y.backward(Tensor.ones(2));
                            y.backward(Tensor.ones(2));
                        }));
    }

    /** Those that end with the description of a window. */
    static Stream<Arguments> beginnings() {
        Window three = Window.of(3);
        return Stream.of(
                says(
                        "Expected columns [n, c·9, 4] for an image of 4×4 with ",
                        () -> Tensor.fold(Tensor.zeros(1, 8, 4), 4, 4, three)),
                says(
                        "Expected images [N, C, H, W] and a weight [out, C, 3, 3]; got [2, 3, 5, 5] and [4, 2, 3, 3].",
                        () -> IMAGES.conv2d(Tensor.zeros(4, 2, 3, 3), null, three)),
                says(
                        "Expected a weight [out, 3, 3, 3] for ",
                        () -> IMAGES.conv2d(Tensor.zeros(4, 3, 2, 2), null, three)),
                says(
                        "Expected a bias [4]; got [3].",
                        () -> IMAGES.conv2d(Tensor.zeros(4, 3, 3, 3), Tensor.zeros(3), three)),
                says(
                        "Expected padding of at most half the kernel in pooling; got ",
                        () -> IMAGES.maxPool2d(Window.of(2).withPadding(2))),
                says(
                        "Expected an array of FLOAT, DOUBLE or LONG; got BYTE. Fix: castTo one of them first.",
                        () -> DType.of(DataType.INT8)),
                says(
                        "Expected an index no larger than [2, 3] outside dimension 0; got [2, 4].",
                        () -> Tensor.zeros(2, 3).gather(0, Tensor.of(new long[8], 2, 4))),
                says(
                        "Expected 0 ≤ from < to ≤ 5 (negative counts from the end) and step ≥ 1 in dimension 0 of [5]; got"
                                + " from 3, to 2, step 1.",
                        () -> Tensor.zeros(5).slice(0, 3, 2)),
                says(
                        "Expected a place from -2 to 1 in [2]; got 3.",
                        () -> Tensor.zeros(2).unsqueeze(3)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("beginnings")
    void says_it_of_images_and_places_too(String beginning, ThrowingCallable wrong) {
        assertThatThrownBy(wrong).hasMessageStartingWith(beginning);
    }

    @Test
    void says_that_a_window_is_too_large() {
        assertThatThrownBy(() -> Tensor.zeros(1, 1, 2, 2).unfold(Window.of(3)))
                .hasMessageStartingWith("Expected a window that fits into the padded image for unfold; got ")
                .hasMessageEndingWith(" over 2×2 (padded 2×2). Fix: a smaller kernel or dilation, or more padding.");
    }

    @Test
    void says_that_a_parameter_was_changed_too_early() {
        Tensor weight = Tensor.ones(1, 3, 3, 3).requiresGrad(true);
        Tensor product = weight.mul(weight).sum();
        Tensor late = IMAGES.conv2d(weight, null, Window.of(3));
        Tensor padded = weight.pad(1, 1, 1, 1);
        TensorUpdates.assign(weight, Tensor.zeros(1, 3, 3, 3));
        assertThatThrownBy(product::backward)
                .hasMessageStartingWith("Expected the inputs of ")
                .hasMessageEndingWith(" to be unchanged between forward and backward; an optimizer has changed one in"
                        + " place, of this Learner or of another one that trains the same model. Fix: call backward() before"
                        + " step().");
        assertThatThrownBy(late::toFloatArray)
                .hasMessage(
                        "The result of a conv2d [2, 1, 3, 3] was first read after its images or its weight had been"
                                + " changed in place, by an optimizer for example, so it was never computed. Fix: read or keep() it before step().");
        assertThatThrownBy(padded::toFloatArray)
                .hasMessage("The images [1, 3, 5, 5] were first read after what they are made of had been changed by an"
                        + " optimizer, so they were never computed. Fix: read or keep() them before step().");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("messages")
    void says_what_was_expected_and_what_came(String message, ThrowingCallable wrong) {
        assertThatThrownBy(wrong).hasMessage(message);
    }
}
