package io.miniai.data.store;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Names for what is still being made: it stands beside its target under a name of its own and takes the target's
 * name, by one rename, when it is complete.
 */
public final class UnfinishedPath {
    private static final Logger LOG = LoggerFactory.getLogger(UnfinishedPath.class);
    private static final String SUFFIX = ".unfinished";
    private static final Duration ABANDONED = Duration.ofDays(1);

    private UnfinishedPath() {}

    /**
     * Makes up a name that nobody else uses. What a killed process left for the same target is deleted after a day.
     *
     * @param target what it will become; its folder exists
     */
    public static Path beside(Path target) {
        Path folder = target.toAbsolutePath().getParent();
        String prefix = target.getFileName() + ".";
        if (folder != null) {
            deleteAbandoned(folder, prefix);
        }
        return target.resolveSibling(prefix + UUID.randomUUID() + SUFFIX);
    }

    private static void deleteAbandoned(Path folder, String prefix) {
        Instant old = Instant.now().minus(ABANDONED);
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path path : paths) {
                boolean same = path.getFileName().toString().startsWith(prefix);
                if (same && Files.getLastModifiedTime(path).toInstant().isBefore(old)) {
                    delete(path);
                }
            }
        } catch (IOException e) {
            LOG.debug("Could not look for abandoned files in {}", folder, e);
        }
    }

    /** Deletes a file or a folder with all that is in it, if it is there; what cannot be deleted is logged. */
    public static void delete(Path path) {
        if (!Files.exists(path)) {
            return;
        }
        try {
            Files.walkFileTree(path, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException error) throws IOException {
                    Files.delete(folder);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            LOG.warn("{} could not be deleted; it is of no use any more", path, e);
        }
    }
}
