package io.miniai.nn;

import io.miniai.tensor.DType;
import io.miniai.tensor.Shape;
import io.miniai.tensor.ShapeException;
import io.miniai.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a model is made of, layer by layer in the order of computation: output shape, parameters, multiply-adds
 * and receptive field; {@link #toString()} is a table.
 */
public final class Summary {
    /**
     * One layer.
     *
     * @param name its dotted name, such as {@code 0.0}
     * @param layer what it is, with its settings
     * @param output the shape of its output
     * @param parameters the number of values it owns; 0 where a layer that is used again appears again
     * @param multiplyAdds the number of multiply-adds for one sample, or null when it is not known (a custom module)
     * @param receptiveField what one element of its output sees of the input, or null when it is not known
     */
    public record Row(
            String name,
            String layer,
            Shape output,
            long parameters,
            @Nullable Long multiplyAdds,
            @Nullable ReceptiveField receptiveField) {}

    private final String model;
    private final Shape input;
    private final List<Row> rows;
    private final long parameters;
    private final long trainable;

    private Summary(Module m, Shape input, List<Row> rows) {
        this.model = m instanceof Sequential ? "Sequential" : m.label();
        this.input = input;
        this.rows = List.copyOf(rows);
        this.parameters = m.numel();
        this.trainable = m.parameters().stream()
                .filter(Tensor::requiresGrad)
                .mapToLong(Tensor::numel)
                .sum();
    }

    /**
     * The summary of a model for a batch of shape {@code input}, such as {@code [64, 1, 28, 28]}. Custom modules
     * without a {@link ShapeRule} run on one sample, without side effects.
     *
     * @throws ShapeException when the input does not fit; the message names the layer and the fix
     */
    public static Summary of(Module m, Shape input) {
        Set<Tensor> counted = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Row> rows = new ArrayList<>();
        for (Trace.Step s : Trace.of(m, input, DType.FLOAT32).steps()) {
            long parameters = s.module().ownParameters().values().stream()
                    .filter(counted::add)
                    .mapToLong(Tensor::numel)
                    .sum();
            Long all = s.multiplyAdds();
            Long perSample = all == null ? null : all / input.dim(0);
            rows.add(new Row(s.path(), s.module().label(), s.out(), parameters, perSample, s.field()));
        }
        return new Summary(m, input, rows);
    }

    /** The layers in the order of computation. */
    public List<Row> rows() {
        return rows;
    }

    /** All parameters of the model, shared ones once. */
    public long parameters() {
        return parameters;
    }

    /** The parameters that are not frozen. */
    public long trainableParameters() {
        return trainable;
    }

    /** The multiply-adds of one forward of one sample, as far as known. */
    public long multiplyAdds() {
        return rows.stream()
                .map(Row::multiplyAdds)
                .mapToLong(n -> n == null ? 0 : n)
                .sum();
    }

    /** The table, with totals. */
    @Override
    public String toString() {
        return SummaryTable.of(this, model, input);
    }
}
