package io.miniai.file;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file could not be read or written, or what it holds is not what was expected. The only exception of this package
 * for files; the message begins with the file's name and says what was expected, what was found, and the fix.
 */
public final class FileException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String file;

    /** About a file that was read or written all right, but does not hold what it should. */
    public FileException(String file, String text) {
        this(file, text, null);
    }

    /** About a file that the system refused to read or write. */
    public FileException(Path file, String text, Throwable cause) {
        this(file.toString(), text, cause);
    }

    /**
     * About what the system refused.
     *
     * @param what could not be done; the reason is added in words
     */
    public static FileException refused(Path file, String what, IOException cause) {
        return new FileException(file, what + ": " + AtomicFile.reason(cause) + ".", cause);
    }

    /** With the exception that led to it. */
    public FileException(String file, String text, @Nullable Throwable cause) {
        super(file + ": " + text, cause);
        this.file = file;
    }

    /** The file it is about. */
    public String file() {
        return file;
    }
}
