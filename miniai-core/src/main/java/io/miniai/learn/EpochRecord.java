package io.miniai.learn;

import java.util.Map;

/**
 * The figures of one epoch; NaN for what did not take place.
 *
 * @param epoch the epoch within its fit, from 0
 * @param trainLoss mean loss of the training pass, each batch weighted by its samples
 * @param validLoss mean loss of the validation pass
 * @param trainMetrics metrics of the training pass by name, in the order they were given
 * @param validMetrics metrics of the validation pass by name
 * @param seconds time both passes took
 */
public record EpochRecord(
        int epoch,
        double trainLoss,
        double validLoss,
        Map<String, Double> trainMetrics,
        Map<String, Double> validMetrics,
        double seconds) {}
