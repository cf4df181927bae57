package io.miniai.testing;

import static java.util.Map.entry;

import com.fasterxml.jackson.databind.JsonNode;
import io.miniai.tensor.Tensor;
import io.miniai.tensor.Window;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;

/** Our op for each op of the fixtures. */
final class OpTable {
    private interface Op {
        Tensor apply(Tensor[] in, JsonNode args);
    }

    private static final Map<String, Op> OPS = Map.ofEntries(
            entry("add", (in, a) -> in[0].add(in[1])),
            entry("sub", (in, a) -> in[0].sub(in[1])),
            entry("mul", (in, a) -> in[0].mul(in[1])),
            entry("div", (in, a) -> in[0].div(in[1])),
            entry("maximum", (in, a) -> in[0].maximum(in[1])),
            entry("minimum", (in, a) -> in[0].minimum(in[1])),
            entry("eq", (in, a) -> in[0].eq(in[1])),
            entry("ne", (in, a) -> in[0].ne(in[1])),
            entry("gt", (in, a) -> in[0].gt(in[1])),
            entry("ge", (in, a) -> in[0].ge(in[1])),
            entry("lt", (in, a) -> in[0].lt(in[1])),
            entry("le", (in, a) -> in[0].le(in[1])),
            entry("eq_scalar", (in, a) -> in[0].eq(real(a, "value"))),
            entry("ne_scalar", (in, a) -> in[0].ne(real(a, "value"))),
            entry("gt_scalar", (in, a) -> in[0].gt(real(a, "value"))),
            entry("ge_scalar", (in, a) -> in[0].ge(real(a, "value"))),
            entry("lt_scalar", (in, a) -> in[0].lt(real(a, "value"))),
            entry("le_scalar", (in, a) -> in[0].le(real(a, "value"))),
            entry("add_scalar", (in, a) -> in[0].add(real(a, "value"))),
            entry("sub_scalar", (in, a) -> in[0].sub(real(a, "value"))),
            entry("mul_scalar", (in, a) -> in[0].mul(real(a, "value"))),
            entry("div_scalar", (in, a) -> in[0].div(real(a, "value"))),
            entry("rsub_scalar", (in, a) -> in[0].rsub(real(a, "value"))),
            entry("pow_scalar", (in, a) -> in[0].pow(real(a, "value"))),
            entry("clamp", (in, a) -> in[0].clamp(real(a, "min"), real(a, "max"))),
            entry("neg", (in, a) -> in[0].neg()),
            entry("abs", (in, a) -> in[0].abs()),
            entry("square", (in, a) -> in[0].square()),
            entry("relu", (in, a) -> in[0].relu()),
            entry("exp", (in, a) -> in[0].exp()),
            entry("log", (in, a) -> in[0].log()),
            entry("sqrt", (in, a) -> in[0].sqrt()),
            entry("sigmoid", (in, a) -> in[0].sigmoid()),
            entry("tanh", (in, a) -> in[0].tanh()),
            entry("where", (in, a) -> Tensor.where(in[0], in[1], in[2])),
            entry("softmax", (in, a) -> in[0].softmax(dim(a))),
            entry("log_softmax", (in, a) -> in[0].logSoftmax(dim(a))),
            entry("sum", (in, a) -> in[0].sum()),
            entry("mean", (in, a) -> in[0].mean()),
            entry("max", (in, a) -> in[0].max()),
            entry("min", (in, a) -> in[0].min()),
            entry("sum_dim", (in, a) -> in[0].sum(dim(a), keep(a))),
            entry("mean_dim", (in, a) -> in[0].mean(dim(a), keep(a))),
            entry("max_dim", (in, a) -> in[0].max(dim(a), keep(a))),
            entry("min_dim", (in, a) -> in[0].min(dim(a), keep(a))),
            entry("argmax", (in, a) -> in[0].argmax(dim(a))),
            entry("matmul", (in, a) -> in[0].matmul(in[1])),
            entry("reshape", (in, a) -> in[0].reshape(ints(a, "shape"))),
            entry("flatten", (in, a) -> in[0].flatten(integer(a, "startDim"))),
            entry("unsqueeze", (in, a) -> in[0].unsqueeze(dim(a))),
            entry("squeeze", (in, a) -> in[0].squeeze(dim(a))),
            entry("expand", (in, a) -> in[0].expand(ints(a, "shape"))),
            entry("permute", (in, a) -> in[0].permute(ints(a, "dims"))),
            entry("transpose", (in, a) -> in[0].transpose(integer(a, "dim0"), integer(a, "dim1"))),
            entry("t", (in, a) -> in[0].t()),
            entry("slice", (in, a) -> in[0].slice(dim(a), integer(a, "from"), integer(a, "to"), integer(a, "step"))),
            entry("get", (in, a) -> in[0].get(integer(a, "index"))),
            entry(
                    "pad",
                    (in, a) -> in[0].pad(
                            integer(a, "left"), integer(a, "right"), integer(a, "top"), integer(a, "bottom"))),
            entry("concat", (in, a) -> Tensor.concat(dim(a), in)),
            entry("stack", (in, a) -> Tensor.stack(dim(a), in)),
            entry("gather", (in, a) -> in[0].gather(dim(a), in[1])),
            entry("index_select", (in, a) -> in[0].indexSelect(dim(a), toInts(in[1]))),
            entry("one_hot", (in, a) -> in[0].oneHot(integer(a, "classes"))),
            entry("unfold", (in, a) -> in[0].unfold(window(a))),
            entry("fold", (in, a) -> Tensor.fold(in[0], integer(a, "height"), integer(a, "width"), window(a))),
            entry("conv2d", (in, a) -> in[0].conv2d(in[1], in.length == 3 ? in[2] : null, window(a))),
            entry("max_pool2d", (in, a) -> in[0].maxPool2d(window(a))),
            entry("avg_pool2d", (in, a) -> in[0].avgPool2d(window(a))),
            entry("global_avg_pool2d", (in, a) -> in[0].globalAvgPool2d()),
            entry("upsample_nearest2d", (in, a) -> in[0].upsampleNearest2d(integer(a, "scale"))),
            entry("cross_entropy", (in, a) -> in[0].crossEntropy(in[1])),
            entry("mse_loss", (in, a) -> in[0].mseLoss(in[1])),
            entry("l1_loss", (in, a) -> in[0].l1Loss(in[1])));

    private OpTable() {}

    static Tensor apply(String op, Tensor[] in, JsonNode args) {
        return Objects.requireNonNull(OPS.get(op), op).apply(in, args);
    }

    private static Window window(JsonNode a) {
        int[] kernel = ints(a, "kernel");
        int[] stride = ints(a, "stride");
        int[] padding = ints(a, "padding");
        int[] dilation = ints(a, "dilation");
        return Window.of(kernel[0], kernel[1])
                .withStride(stride[0], stride[1])
                .withPadding(padding[0], padding[1])
                .withDilation(dilation[0], dilation[1]);
    }

    private static int dim(JsonNode a) {
        return integer(a, "dim");
    }

    private static boolean keep(JsonNode a) {
        return a.get("keepDim").asBoolean();
    }

    private static int integer(JsonNode a, String name) {
        return a.get(name).asInt();
    }

    private static double real(JsonNode a, String name) {
        return a.get(name).asDouble();
    }

    private static int[] ints(JsonNode a, String name) {
        return Fixtures.ints(a.get(name));
    }

    private static int[] toInts(Tensor t) {
        return Arrays.stream(t.toLongArray()).mapToInt(Math::toIntExact).toArray();
    }
}
