package io.miniai.data.download;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** Compares what a gzipped file holds with what was published. */
final class ContentCheck {
    private ContentCheck() {}

    /** What is wrong with the file, or null if it holds exactly what was published. */
    static @Nullable String fault(Path gzip, RemoteFile expected) throws IOException {
        MessageDigest digest = sha256();
        long size = 0;
        try (InputStream in = new GZIPInputStream(Files.newInputStream(gzip), 1 << 16)) {
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
                size += n;
                if (size > expected.contentBytes()) {
                    return "unpacks to more than the published " + expected.contentBytes() + " bytes";
                }
            }
        } catch (EOFException e) {
            return "is cut short";
        } catch (ZipException e) {
            return "is not gzip data, or damaged";
        }
        String sha256 = HexFormat.of().formatHex(digest.digest());
        return sha256.equals(expected.sha256())
                ? null
                : "is not what was published (SHA-256 " + sha256 + ", expected " + expected.sha256() + ")";
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }
}
