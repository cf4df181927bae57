package io.miniai.tensor.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Shows ND4J only one of the backends on the class path.
 *
 * <p>ND4J takes the first backend that works, in an order set by environment variables only. It finds
 * them with a {@link java.util.ServiceLoader} over a class loader that may be set; this one hides the
 * service files of all other backends and leaves everything else to its parent.
 */
final class OneBackendLoader extends ClassLoader {
    private static final String SERVICE = "META-INF/services/org.nd4j.linalg.factory.Nd4jBackend";

    private final String backendClass;

    OneBackendLoader(ClassLoader parent, String backendClass) {
        super(parent);
        this.backendClass = backendClass;
    }

    /** Whether this backend is declared on the class path seen by {@code loader}. */
    static boolean isDeclared(ClassLoader loader, String backendClass) {
        return !declarations(loader, backendClass).isEmpty();
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        return name.equals(SERVICE)
                ? Collections.enumeration(declarations(getParent(), backendClass))
                : super.getResources(name);
    }

    @Override
    public @Nullable URL getResource(String name) {
        if (!name.equals(SERVICE)) {
            return super.getResource(name);
        }
        List<URL> found = declarations(getParent(), backendClass);
        return found.isEmpty() ? null : found.get(0);
    }

    private static List<URL> declarations(ClassLoader loader, String backendClass) {
        List<URL> found = new ArrayList<>();
        try {
            for (URL url : Collections.list(loader.getResources(SERVICE))) {
                // Through a connection without a cache: a jar kept open here could not be replaced by its owner.
                var connection = url.openConnection();
                connection.setUseCaches(false);
                try (InputStream in = connection.getInputStream()) {
                    boolean declares = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .anyMatch(line -> line.strip().equals(backendClass));
                    if (declares) {
                        found.add(url);
                    }
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(
                    "The class path could not be searched for ND4J's backends (" + SERVICE + ").", e);
        }
        return found;
    }
}
