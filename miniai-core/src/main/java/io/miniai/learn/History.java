package io.miniai.learn;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The figures of all epochs a learner has run, as numbers; one fit after the other.
 *
 * <p>{@code MetricsCB} writes it; without one it stays empty.
 */
public final class History implements Iterable<EpochRecord> {
    private final List<EpochRecord> epochs = new ArrayList<>();

    /** For the callback that collects metrics. */
    public void add(EpochRecord epoch) {
        epochs.add(epoch);
    }

    /** Forgets all figures in favour of a checkpoint's. */
    void replace(List<EpochRecord> saved) {
        epochs.clear();
        epochs.addAll(saved);
    }

    /** The number of epochs. */
    public int size() {
        return epochs.size();
    }

    /** Whether there are no figures. */
    public boolean isEmpty() {
        return epochs.isEmpty();
    }

    /** The figures of the {@code i}-th epoch over all fits, from 0. */
    public EpochRecord get(int i) {
        return epochs.get(i);
    }

    /**
     * The figures of the latest epoch.
     *
     * @throws NoSuchElementException when there are none
     */
    public EpochRecord last() {
        if (epochs.isEmpty()) {
            throw new NoSuchElementException(
                    "Expected figures of an epoch; got none so far. Fix: add a MetricsCB to the Learner, and fit.");
        }
        return epochs.get(epochs.size() - 1);
    }

    /** The training loss of every epoch. */
    public double[] trainLoss() {
        return numbers(EpochRecord::trainLoss);
    }

    /** The validation loss of every epoch. */
    public double[] validLoss() {
        return numbers(EpochRecord::validLoss);
    }

    /**
     * A metric of the training pass of every epoch; NaN in epochs of fits that did not have it.
     *
     * @throws NoSuchElementException when no epoch has it
     */
    public double[] train(String metric) {
        return metric(EpochRecord::trainMetrics, metric);
    }

    /** As {@link #train(String)}, of the validation pass. */
    public double[] valid(String metric) {
        return metric(EpochRecord::validMetrics, metric);
    }

    private double[] metric(Function<EpochRecord, Map<String, Double>> metrics, String name) {
        List<String> known = epochs.stream()
                .flatMap(e -> metrics.apply(e).keySet().stream())
                .distinct()
                .toList();
        if (!known.contains(name)) {
            throw new NoSuchElementException("Expected a metric of " + known + "; got \"" + name + "\".");
        }
        return numbers(e -> metrics.apply(e).getOrDefault(name, Double.NaN));
    }

    private double[] numbers(ToDoubleFunction<EpochRecord> number) {
        return epochs.stream().mapToDouble(number).toArray();
    }

    /** A view of all epochs. */
    @Override
    public Iterator<EpochRecord> iterator() {
        return Collections.unmodifiableList(epochs).iterator();
    }

    /** A table with a line for each epoch. */
    @Override
    public String toString() {
        List<String> metrics = epochs.stream()
                .flatMap(e -> Stream.concat(e.trainMetrics().keySet().stream(), e.validMetrics().keySet().stream()))
                .distinct()
                .toList();
        EpochTable table = new EpochTable(true, true, metrics);
        return Stream.concat(Stream.of(table.header()), epochs.stream().map(table::row))
                .collect(Collectors.joining("\n"));
    }
}
