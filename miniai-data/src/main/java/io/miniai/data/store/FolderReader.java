package io.miniai.data.store;

import io.miniai.data.fault.Faults;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/** Reads the files of a folder tree; each is closed as soon as it is read. */
final class FolderReader implements SampleFiles.Reader {
    private final FileList list;
    private final List<Path> folders;
    private final Limits limits;
    private ByteBuffer buffer = ByteBuffer.allocate(4096);

    FolderReader(Path split, FileList list, Limits limits) {
        this.list = list;
        this.folders = list.folders().stream().map(split::resolve).toList();
        this.limits = limits;
    }

    @Override
    public int read(int file) {
        try {
            Path path = folders.get(list.folder(file)).resolve(list.fileName(file));
            return read(path, limits.checkedSize(path));
        } catch (IOException | InvalidPathException e) {
            throw Faults.unreadable(list.name(file), e);
        }
    }

    private int read(Path path, int size) throws IOException {
        try (SeekableByteChannel in = Files.newByteChannel(path)) {
            if (size > buffer.capacity()) {
                buffer = ByteBuffer.allocate(size);
            }
            buffer.clear().limit(size);
            while (buffer.hasRemaining() && in.read(buffer) >= 0) {
                // until all of it is there, or the file turns out to have shrunk
            }
            return buffer.position();
        }
    }

    @Override
    public byte[] buffer() {
        return buffer.array();
    }

    @Override
    public void close() {
        // nothing is open between two reads
    }
}
