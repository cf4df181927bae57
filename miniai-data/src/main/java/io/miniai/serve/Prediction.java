package io.miniai.serve;

import java.util.Map;

/**
 * What a model makes of one sample.
 *
 * @param label the class it most likely is
 * @param probability how likely, 0 to 1; the softmax of the model's outputs
 * @param probabilities of all classes by name, in the order of the model's outputs; they add up to 1
 */
public record Prediction(String label, double probability, Map<String, Double> probabilities) {}
