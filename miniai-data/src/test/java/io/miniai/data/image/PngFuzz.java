package io.miniai.data.image;

import io.miniai.tensor.Rng;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Damages PNG files so that the damage reaches the decoder: checksums are made right again. */
public final class PngFuzz {
    private PngFuzz() {}

    public static byte[] mutate(byte[] png, Rng rng) {
        byte[] bytes = png.clone();
        int changes = 1 + rng.nextInt(4);
        for (int i = 0; i < changes; i++) {
            bytes[8 + rng.nextInt(bytes.length - 8)] = (byte) rng.nextInt(256);
        }
        return withChecksums(bytes);
    }

    /** The same chunks, with checksums that are right. */
    public static byte[] withChecksums(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, 8);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int at = 8;
        while (bytes.length - at >= 12) {
            int length = in.getInt(at);
            if (length < 0 || length > bytes.length - at - 12) {
                break;
            }
            String type = new String(bytes, at + 4, 4, java.nio.charset.StandardCharsets.ISO_8859_1);
            byte[] chunk = PngFiles.chunk("xxxx", Arrays.copyOfRange(bytes, at + 8, at + 8 + length));
            System.arraycopy(bytes, at + 4, chunk, 4, 4);
            java.util.zip.CRC32 crc = new java.util.zip.CRC32();
            crc.update(chunk, 4, 4 + length);
            ByteBuffer.wrap(chunk).putInt(8 + length, (int) crc.getValue());
            out.writeBytes(chunk);
            at += 12 + length;
            if (type.equals("IEND")) {
                break;
            }
        }
        out.write(bytes, at, bytes.length - at);
        return out.toByteArray();
    }
}
