package io.miniai.file;

import io.miniai.tensor.Tensor;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Named tensors and free text in a file of the <a href="https://github.com/huggingface/safetensors">safetensors</a>
 * format, which PyTorch and others read and write.
 *
 * <pre>{@code
 * Safetensors.write(Path.of("pair.safetensors"), Map.of("a", Tensor.eye(2)), Map.of("made by", "hand"));
 * Safetensors.read(Path.of("pair.safetensors")).tensors().get("a");
 * }</pre>
 *
 * <p>F32, F64 and I64 are read and written to the bit; F16 and BF16 are read as FLOAT32. Nothing a file says is
 * believed before it was checked: lengths, names, types, shapes and places of all tensors are, against each other and
 * against the file's length, before memory is allocated for any. Reading allocates at most the bytes that are there
 * (twice those of F16 and BF16) and 160 MB, whatever numbers are in the file, since its header may have 16 MB, 10,000
 * tensors and 10,000 texts. Everything wrong with a file is a {@link FileException}.
 *
 * @param tensors by name, in the order of their bytes
 * @param metadata text by key
 */
public record Safetensors(Map<String, Tensor> tensors, Map<String, String> metadata) {

    /**
     * Reads a file.
     *
     * @throws FileException when it cannot be read or is not in the format
     */
    public static Safetensors read(Path file) {
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            return new SafetensorsReader(channel, channel.size(), file.toString()).read();
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static FileException unreadable(Path file, IOException e) {
        return Files.isDirectory(file)
                ? new FileException(file, "expected the name of a file; got a folder.", e)
                : FileException.refused(file, "could not be read", e);
    }

    /**
     * Reads the content of a file from memory, such as a resource of an application.
     *
     * @param name what messages call it
     * @throws FileException when it is not in the format
     */
    public static Safetensors read(byte[] content, String name) {
        ReadableByteChannel channel = Channels.newChannel(new java.io.ByteArrayInputStream(content));
        try {
            return new SafetensorsReader(channel, content.length, name).read();
        } catch (IOException e) {
            throw new FileException(name, "could not be read: " + AtomicFile.reason(e) + ".", e);
        }
    }

    /**
     * Reads only the text of a file, and checks its header.
     *
     * @throws FileException when it cannot be read or is not in the format
     */
    public static Map<String, String> readMetadata(Path file) {
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            return new SafetensorsReader(channel, channel.size(), file.toString())
                    .header()
                    .metadata();
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /**
     * Writes a file as a whole or not at all: into a temporary file in its folder, which is brought to the disk and then
     * takes its name. The same content gives the same bytes.
     *
     * @throws FileException when it cannot be written; an old file is still there then
     * @throws IllegalArgumentException for a name that the format does not allow
     */
    public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) {
        SafetensorsWriter writer = new SafetensorsWriter(tensors, metadata);
        AtomicFile.write(file, writer::writeTo);
    }
}
