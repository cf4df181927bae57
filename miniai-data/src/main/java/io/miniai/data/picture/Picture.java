package io.miniai.data.picture;

import io.miniai.data.fault.Faults;
import io.miniai.data.store.UnfinishedPath;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Something that can be drawn, at twice the pixels of an ordinary screen so that it stays sharp on a fine one. */
public interface Picture {
    /** Draws it. */
    BufferedImage image();

    /**
     * Draws it into a PNG file.
     *
     * @param file its path; folders that are missing are made, an old file is replaced as a whole or not at all
     * @return the same path
     * @throws io.miniai.data.fault.DataException if it cannot be written
     */
    default Path save(Path file) {
        // A channel fails in an interrupted thread, and what starts with the first picture forgets the interrupt.
        boolean interrupted = Thread.interrupted();
        Path unfinished = UnfinishedPath.beside(file);
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Files.write(unfinished, png(image()));
            return Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw Faults.unwritable(file.toString(), e);
        } finally {
            UnfinishedPath.delete(unfinished);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static byte[] png(BufferedImage image) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            ImageIO.write(image, "png", out);
        }
        return bytes.toByteArray();
    }
}
