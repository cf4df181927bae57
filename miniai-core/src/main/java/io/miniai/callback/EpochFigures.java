package io.miniai.callback;

import io.miniai.file.JsonObject;
import io.miniai.learn.EpochRecord;
import io.miniai.learn.EpochTable;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@link MetricsCB} knows of the running epoch of one fit. */
final class EpochFigures {
    final EpochTable table;
    boolean headerPrinted;
    boolean inPass;

    @Nullable
    EpochRecord last;

    private boolean open;
    private double trainLoss;
    private double validLoss;
    private Map<String, Double> trainMetrics = Map.of();
    private Map<String, Double> validMetrics = Map.of();
    private long startedAt;
    private double seconds;
    private double lossSum;
    private long samples;

    EpochFigures(EpochTable table) {
        this.table = table;
        clear();
    }

    private void clear() {
        open = false;
        trainLoss = Double.NaN;
        validLoss = Double.NaN;
        trainMetrics = Map.of();
        validMetrics = Map.of();
        seconds = 0;
    }

    void startPass() {
        inPass = true;
        open = true;
        lossSum = 0;
        samples = 0;
        startedAt = System.nanoTime();
    }

    void add(double loss, int n) {
        lossSum += loss * n;
        samples += n;
    }

    double loss() {
        return samples == 0 ? Double.NaN : lossSum / samples;
    }

    /** The sums of the running pass. */
    Map<String, Object> state() {
        return Map.of("loss", lossSum, "samples", samples, "seconds", (System.nanoTime() - startedAt) / 1e9);
    }

    void restore(JsonObject state) {
        lossSum = state.number("loss");
        samples = state.integer("samples", 0, Long.MAX_VALUE);
        startedAt = System.nanoTime() - (long) (state.number("seconds") * 1e9);
    }

    void endPass(boolean training, Map<String, Double> metrics) {
        inPass = false;
        seconds += (System.nanoTime() - startedAt) / 1e9;
        if (training) {
            trainLoss = loss();
            trainMetrics = metrics;
        } else {
            validLoss = loss();
            validMetrics = metrics;
        }
    }

    /** Whether passes have ended that are in no record yet. */
    boolean isOpen() {
        return open && !inPass;
    }

    EpochRecord take(int epoch) {
        var r = new EpochRecord(epoch, trainLoss, validLoss, trainMetrics, validMetrics, seconds);
        last = r;
        clear();
        return r;
    }
}
