package io.miniai.tensor;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;

/** Run in a child process by {@link DeviceTest}: runs the probe in a class loader that the thread does not know. */
final class PluginLauncher {
    private PluginLauncher() {}

    public static void main(String[] steps) throws Exception {
        URL[] urls = Arrays.stream(System.getProperty("plugin.path").split(File.pathSeparator))
                .map(PluginLauncher::url)
                .toArray(URL[]::new);
        try (URLClassLoader plugin = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
            Thread.currentThread().setContextClassLoader(ClassLoader.getPlatformClassLoader());
            var main = plugin.loadClass("io.miniai.tensor.DeviceProbe").getMethod("main", String[].class);
            main.setAccessible(true);
            main.invoke(null, (Object) steps);
        }
    }

    private static URL url(String entry) {
        try {
            return Path.of(entry).toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
