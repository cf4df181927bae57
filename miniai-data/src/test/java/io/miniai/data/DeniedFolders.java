package io.miniai.data;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

/**
 * The real file system, except that everything whose path contains a given text may be neither read nor written:
 * permissions would not do, since tests may run as a user whom none bind.
 */
final class DeniedFolders {
    private final FileSystem real = FileSystems.getDefault();
    private final FileSystem denying = new Denying();
    private final String denied;

    private DeniedFolders(String denied) {
        this.denied = denied;
    }

    static Path below(Path root, String denied) {
        return new DeniedFolders(denied).wrap(root);
    }

    private Path wrap(Path path) {
        InvocationHandler handler = (proxy, method, args) -> {
            if (method.getName().equals("getFileSystem")) {
                return denying;
            }
            Object[] plain = args == null ? null : args.clone();
            for (int i = 0; plain != null && i < plain.length; i++) {
                plain[i] = plain[i] instanceof Path p ? unwrap(p) : plain[i];
            }
            try {
                Object result = method.invoke(path, plain);
                return result instanceof Path p ? wrap(p) : result;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        };
        return (Path) Proxy.newProxyInstance(Path.class.getClassLoader(), new Class<?>[] {Path.class}, handler);
    }

    private Path unwrap(Path path) {
        return real.getPath(path.toString());
    }

    private Path allowed(Path path) throws IOException {
        if (path.toString().contains(denied)) {
            throw new AccessDeniedException(path.toString());
        }
        return unwrap(path);
    }

    private final class Denying extends FileSystem {
        private final FileSystemProvider provider = new Provider();

        @Override
        public FileSystemProvider provider() {
            return provider;
        }

        @Override
        public void close() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public boolean isReadOnly() {
            return false;
        }

        @Override
        public String getSeparator() {
            return real.getSeparator();
        }

        @Override
        public Iterable<Path> getRootDirectories() {
            return real.getRootDirectories();
        }

        @Override
        public Iterable<FileStore> getFileStores() {
            return real.getFileStores();
        }

        @Override
        public Set<String> supportedFileAttributeViews() {
            return real.supportedFileAttributeViews();
        }

        @Override
        public Path getPath(String first, String... more) {
            return wrap(real.getPath(first, more));
        }

        @Override
        public PathMatcher getPathMatcher(String pattern) {
            PathMatcher matcher = real.getPathMatcher(pattern);
            return path -> matcher.matches(unwrap(path));
        }

        @Override
        public UserPrincipalLookupService getUserPrincipalLookupService() {
            return real.getUserPrincipalLookupService();
        }

        @Override
        public WatchService newWatchService() {
            throw new UnsupportedOperationException();
        }
    }

    private final class Provider extends FileSystemProvider {
        private final FileSystemProvider below = real.provider();

        @Override
        public DirectoryStream<Path> newDirectoryStream(Path dir, DirectoryStream.Filter<? super Path> filter)
                throws IOException {
            DirectoryStream<Path> stream = below.newDirectoryStream(allowed(dir), path -> filter.accept(wrap(path)));
            return new DirectoryStream<>() {
                @Override
                public Iterator<Path> iterator() {
                    Iterator<Path> paths = stream.iterator();
                    return new Iterator<>() {
                        @Override
                        public boolean hasNext() {
                            return paths.hasNext();
                        }

                        @Override
                        public Path next() {
                            return wrap(paths.next());
                        }
                    };
                }

                @Override
                public void close() throws IOException {
                    stream.close();
                }
            };
        }

        @Override
        public SeekableByteChannel newByteChannel(
                Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
            return below.newByteChannel(allowed(path), options, attributes);
        }

        @Override
        public void createDirectory(Path dir, FileAttribute<?>... attributes) throws IOException {
            below.createDirectory(allowed(dir), attributes);
        }

        @Override
        public void delete(Path path) throws IOException {
            below.delete(allowed(path));
        }

        @Override
        public void copy(Path source, Path target, CopyOption... options) throws IOException {
            below.copy(allowed(source), allowed(target), options);
        }

        @Override
        public void move(Path source, Path target, CopyOption... options) throws IOException {
            below.move(allowed(source), allowed(target), options);
        }

        @Override
        public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
                throws IOException {
            return below.readAttributes(unwrap(path), type, options);
        }

        @Override
        public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options)
                throws IOException {
            return below.readAttributes(unwrap(path), attributes, options);
        }

        @Override
        public void checkAccess(Path path, AccessMode... modes) throws IOException {
            below.checkAccess(unwrap(path), modes);
        }

        @Override
        public String getScheme() {
            return "denied";
        }

        @Override
        public FileSystem newFileSystem(URI uri, Map<String, ?> env) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileSystem getFileSystem(URI uri) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Path getPath(URI uri) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isSameFile(Path path, Path path2) throws IOException {
            return below.isSameFile(unwrap(path), unwrap(path2));
        }

        @Override
        public boolean isHidden(Path path) throws IOException {
            return below.isHidden(unwrap(path));
        }

        @Override
        public FileStore getFileStore(Path path) throws IOException {
            return below.getFileStore(unwrap(path));
        }

        @Override
        public <V extends FileAttributeView> V getFileAttributeView(Path path, Class<V> type, LinkOption... options) {
            return below.getFileAttributeView(unwrap(path), type, options);
        }

        @Override
        public void setAttribute(Path path, String attribute, Object value, LinkOption... options) throws IOException {
            below.setAttribute(allowed(path), attribute, value, options);
        }
    }
}
