package io.miniai.file;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces a file as a whole or not at all: the content goes into a temporary file in the same folder, from there to
 * the disk, and only then takes the name, by one rename. Whoever reads sees the old content or the new.
 *
 * <p>What killed processes left behind is removed by the next write into that folder. A temporary file is locked while it
 * is written, which tells it from one that was left.
 */
final class AtomicFile {
    private static final Logger LOG = LoggerFactory.getLogger(AtomicFile.class);
    private static final String SUFFIX = ".miniai-unfinished";
    private static final int TRIES = 5;
    /** Of this process. Opening and closing one of them here would give up its lock, on POSIX systems. */
    private static final Set<Path> WRITING = ConcurrentHashMap.newKeySet();

    private AtomicFile() {}

    /** Writes the content, from the channel's start. */
    @FunctionalInterface
    interface Content {
        /** May throw whatever the channel throws. */
        void writeTo(FileChannel channel) throws IOException;
    }

    /**
     * Writes a file, over an old one if there is one. Its folder has to be there.
     *
     * @throws FileException when that fails; the old file is still there then, and the temporary one is not
     */
    static void write(Path file, Content content) {
        // A channel fails in an interrupted thread, and the file that is to be saved may be all that is left of a fit.
        boolean interrupted = Thread.interrupted();
        try {
            Path target = Files.isSymbolicLink(file) ? file.toRealPath() : file.toAbsolutePath();
            if (Files.isDirectory(target)) {
                throw new FileException(file.toString(), "expected the name of a file; got a folder.");
            }
            Path folder = Objects.requireNonNull(target.getParent());
            removeLeftovers(folder);
            boolean done = false;
            for (int i = 0; !done && i < TRIES; i++) {
                done = replace(target, content);
            }
            if (!done) {
                throw new IOException("its temporary file was deleted again and again");
            }
            forceFolder(folder);
        } catch (IOException e) {
            String old = Files.exists(file) ? " The old file is as it was." : "";
            throw new FileException(file, "could not be written: " + reason(e) + "." + old, e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** @return false when somebody took the temporary file for left behind before it was locked */
    private static boolean replace(Path target, Content content) throws IOException {
        Path unfinished = target.resolveSibling(target.getFileName() + "." + UUID.randomUUID() + SUFFIX);
        WRITING.add(unfinished);
        boolean moved = false;
        boolean opened = false;
        try (FileChannel channel =
                FileChannel.open(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            opened = true;
            if (!lock(channel) || !Files.exists(unfinished)) {
                return false;
            }
            content.writeTo(channel);
            channel.force(true);
            // Before closing, which ends the lock: until the rename nobody else may take it for left behind.
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            moved = true;
            return true;
        } finally {
            WRITING.remove(unfinished);
            if (opened && !moved) {
                delete(unfinished);
            }
        }
    }

    /** Where a file system has no locks, a left file is kept rather than one in use deleted. */
    private static boolean lock(FileChannel channel) {
        try {
            return channel.tryLock() != null;
        } catch (IOException | UnsupportedOperationException e) {
            LOG.debug("No lock on a file that is being written", e);
            return true;
        }
    }

    private static void removeLeftovers(Path folder) {
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path path : paths) {
                if (!WRITING.contains(path)) {
                    removeUnlessInUse(path);
                }
            }
        } catch (IOException | RuntimeException e) {
            // It matters little; what is wrong with the folder will be said by writing to it.
            LOG.debug("Could not look for left files in {}", folder, e);
        }
    }

    private static void removeUnlessInUse(Path path) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            if (channel.tryLock() != null) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | OverlappingFileLockException | UnsupportedOperationException e) {
            LOG.debug("Left {} alone", path, e);
        }
    }

    private static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.warn("{} could not be deleted; it is of no use any more", path, e);
        }
    }

    /** Brings the new name to the disk; some systems do not let a folder be opened, and need no such call. */
    private static void forceFolder(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            LOG.debug("Could not force the folder {}", folder, e);
        }
    }

    /** Why a system call failed, in words: the messages of some exceptions are only a path. */
    static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such file or folder";
        }
        if (e instanceof AccessDeniedException) {
            return "access is denied";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "it exists already";
        }
        if (e instanceof ClosedByInterruptException) {
            return "the thread was interrupted";
        }
        String text = e instanceof java.nio.file.FileSystemException f && f.getReason() != null
                ? f.getReason()
                : e.getMessage();
        return text == null ? e.getClass().getSimpleName() : text;
    }
}
