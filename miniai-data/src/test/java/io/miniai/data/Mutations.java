package io.miniai.data;

import io.miniai.tensor.Rng;
import java.util.Arrays;

/** Damage of the kinds that files meet, and of those that somebody does to them on purpose; the same for the same draws. */
final class Mutations {
    private static final int[] INTERESTING = {0, 1, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff
    };

    private Mutations() {}

    static byte[] mutate(byte[] file, Rng rng) {
        byte[] bytes = file;
        for (int changes = 1 + rng.nextInt(4); changes > 0; changes--) {
            bytes = bytes.length == 0 ? new byte[1 + rng.nextInt(8)] : once(bytes, rng);
        }
        return bytes;
    }

    private static byte[] once(byte[] file, Rng rng) {
        int at = rng.nextInt(file.length);
        return switch (rng.nextInt(8)) {
            case 0 -> Arrays.copyOf(file, at); // cut short
            case 1 -> Arrays.copyOf(file, file.length + 1 + rng.nextInt(64)); // zeros behind it
            case 2 -> cut(file, at, at + 1 + rng.nextInt(Math.min(16, file.length - at)));
            case 3 -> repeated(file, at, at + 1 + rng.nextInt(Math.min(64, file.length - at)));
            case 4 -> withNumber(file, at, INTERESTING[rng.nextInt(INTERESTING.length)], rng.nextInt(2) == 0);
            case 5 -> withNumber(file, at, (int) rng.nextLong(), true);
            case 6 -> withByte(file, at, rng.nextInt(256));
            default -> withByte(file, at, file[at] ^ (1 << rng.nextInt(8)));
        };
    }

    private static byte[] withByte(byte[] file, int at, int value) {
        byte[] bytes = file.clone();
        bytes[at] = (byte) value;
        return bytes;
    }

    /** Four bytes, as far as there is room. */
    private static byte[] withNumber(byte[] file, int at, int value, boolean bigEndian) {
        byte[] bytes = file.clone();
        for (int i = 0; i < 4 && at + i < bytes.length; i++) {
            bytes[at + i] = (byte) (value >>> (8 * (bigEndian ? 3 - i : i)));
        }
        return bytes;
    }

    private static byte[] cut(byte[] file, int from, int to) {
        byte[] bytes = Arrays.copyOf(file, file.length - (to - from));
        System.arraycopy(file, to, bytes, from, file.length - to);
        return bytes;
    }

    private static byte[] repeated(byte[] file, int from, int to) {
        byte[] bytes = Arrays.copyOf(file, file.length + (to - from));
        System.arraycopy(file, from, bytes, to, file.length - from);
        return bytes;
    }
}
