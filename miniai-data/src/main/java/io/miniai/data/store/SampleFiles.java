package io.miniai.data.store;

import java.util.List;

/**
 * The image files of one split by number: sorted by file name in natural order (9.png before 10.png), files of
 * the same name by folder.
 *
 * <p>So files that carry their number in the published dataset come in its order, whatever their label, and files
 * numbered anew in each folder come with the labels taking turns. Safe for use by several threads.
 */
public interface SampleFiles {
    /**
     * Returns the number of files.
     *
     * @return at least 1
     */
    int size();

    /**
     * Returns the class folders in natural order.
     *
     * @return the names of all folders, each of which holds a file
     */
    List<String> folders();

    /**
     * Returns the folder of a file.
     *
     * @param file 0 to size - 1
     * @return a position in {@link #folders()}
     */
    int folder(int file);

    /**
     * Returns where a class folder is, for messages.
     *
     * @param folder a position in {@link #folders()}
     * @return its path
     */
    String folderName(int folder);

    /**
     * Returns where a file is, for messages.
     *
     * @param file 0 to size - 1
     * @return the path, or the zip's path and the entry
     */
    String name(int file);

    /**
     * Opens what reading takes; nothing stays open when it is closed.
     *
     * @return a reader for one thread
     */
    Reader open();

    /** Reads files one by one into a buffer used again and again; for one thread. */
    interface Reader extends AutoCloseable {
        /**
         * Reads a whole file.
         *
         * @param file 0 to size - 1
         * @return its length; its bytes are the first of {@link #buffer()}
         * @throws io.miniai.data.fault.DataException if it is missing, unreadable, damaged or too large
         */
        int read(int file);

        /**
         * Returns the bytes last read, until the next read.
         *
         * @return the buffer, usually longer than the file
         */
        byte[] buffer();

        @Override
        void close();
    }
}
