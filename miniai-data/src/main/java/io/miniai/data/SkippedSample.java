package io.miniai.data;

/**
 * A sample that was left out because it could not be read.
 *
 * @param index its number in the dataset
 * @param name where it comes from
 * @param reason what was wrong, with the fix
 */
public record SkippedSample(int index, String name, String reason) {}
