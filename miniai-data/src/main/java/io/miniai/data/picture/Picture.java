package io.miniai.data.picture;

import io.miniai.data.fault.Faults;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Something that can be drawn, at twice the pixels of an ordinary screen so that it stays sharp on a fine one. */
public interface Picture {
    /** Draws it. */
    BufferedImage image();

    /**
     * Draws it into a PNG file.
     *
     * @param file its path; folders that are missing are made, an old file is replaced
     * @return the same path
     * @throws io.miniai.data.fault.DataException if it cannot be written
     */
    default Path save(Path file) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            ImageIO.write(image(), "png", out);
            out.flush();
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            return Files.write(file, bytes.toByteArray());
        } catch (IOException e) {
            throw Faults.unwritable(file.toString(), e);
        }
    }
}
