package io.miniai.examples;

import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code mnist} and {@code fashion-mnist}. */
final class DatasetName implements ITypeConverter<KnownDataset> {
    @Override
    public KnownDataset convert(String name) {
        return Arrays.stream(KnownDataset.values())
                .filter(d -> d.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("expected "
                        + Arrays.stream(KnownDataset.values())
                                .map(KnownDataset::toString)
                                .collect(Collectors.joining(" or "))
                        + ", got " + name + "."));
    }
}
