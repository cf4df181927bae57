package io.miniai.testing;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;

/** A disk in memory that has room for little, part of which is taken until {@link #makeRoom()}. */
public final class SmallDisk implements AutoCloseable {
    private static final int BLOCK = 1024;

    private final FileSystem files;
    private final Path ballast;

    /** Has so much room at first, and so much more later. */
    public SmallDisk(int bytes, int more) throws IOException {
        files = Jimfs.newFileSystem(Configuration.unix().toBuilder()
                .setBlockSize(BLOCK)
                .setMaxSize(bytes + more)
                .setMaxCacheSize(0)
                .build());
        ballast = Files.write(folder().resolve("ballast"), new byte[more]);
    }

    /** The folder in which everything takes place. */
    public Path folder() {
        return files.getPath("/work");
    }

    /** Somebody deletes a file. */
    public void makeRoom() throws IOException {
        Files.delete(ballast);
    }

    @Override
    public void close() throws IOException {
        files.close();
    }
}
