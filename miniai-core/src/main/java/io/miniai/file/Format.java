package io.miniai.file;

import io.miniai.tensor.DType;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How numbers are stored in a safetensors file, and as what they are read. */
enum Format {
    F16(2, DType.FLOAT32),
    BF16(2, DType.FLOAT32),
    F32(4, DType.FLOAT32),
    F64(8, DType.FLOAT64),
    I64(8, DType.INT64);

    private static final List<Format> ALL = List.of(values());

    /** Of the published format, but not for tensors of this library. */
    private static final List<String> OTHERS = List.of(
            "BOOL",
            "F4",
            "F6_E2M3",
            "F6_E3M2",
            "U8",
            "I8",
            "F8_E5M2",
            "F8_E4M3",
            "F8_E8M0",
            "F8_E4M3FNUZ",
            "F8_E5M2FNUZ",
            "I16",
            "U16",
            "I32",
            "U32",
            "C64",
            "U64");

    final int bytes;
    final DType dtype;

    Format(int bytes, DType dtype) {
        this.bytes = bytes;
        this.dtype = dtype;
    }

    static @Nullable Format named(String name) {
        for (Format f : ALL) {
            if (f.name().equals(name)) {
                return f;
            }
        }
        return null;
    }

    static boolean isKnownElsewhere(String name) {
        return OTHERS.contains(name);
    }

    static Format of(DType type) {
        return switch (type) {
            case FLOAT32 -> F32;
            case FLOAT64 -> F64;
            case INT64 -> I64;
        };
    }

    static String all() {
        return Arrays.stream(values()).map(Format::name).collect(Collectors.joining(", "));
    }
}
