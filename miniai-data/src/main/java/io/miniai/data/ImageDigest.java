package io.miniai.data;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** A short text that other images would hardly have: a digest of all labels and of some images, from first to last. */
final class ImageDigest {
    private static final int IMAGES = 16;
    private static final int SHOWN_BYTES = 8;

    private ImageDigest() {}

    static String of(ImageDataset images) {
        MessageDigest digest = sha256();
        int n = images.size();
        for (int i = 0; i < n; i++) {
            int label = images.label(i);
            digest.update(new byte[] {(byte) label, (byte) (label >> 8), (byte) (label >> 16)});
        }
        byte[] pixels = new byte[images.format().bytes()];
        try (ImageDataset.PixelReader reader = images.open()) {
            for (int i = 0; i < Math.min(n, IMAGES); i++) {
                update(digest, reader, (int) ((long) i * (n - 1) / Math.max(1, Math.min(n, IMAGES) - 1)), pixels);
            }
        }
        return HexFormat.of().formatHex(Arrays.copyOf(digest.digest(), SHOWN_BYTES));
    }

    /** An image that cannot be read says nothing; that is the loader's business. */
    private static void update(MessageDigest digest, ImageDataset.PixelReader reader, int index, byte[] pixels) {
        try {
            reader.read(index, pixels, 0);
            digest.update(pixels);
        } catch (RuntimeException e) {
            digest.update((byte) 0);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
