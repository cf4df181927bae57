package io.miniai.nn;

import io.miniai.tensor.Rng;
import io.miniai.tensor.Window;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The layers of this package in model files: what is written of each, and how it is made again, side by side. */
final class ShippedLayers {
    private record Kind<M extends Module>(
            Class<M> type, Function<M, Map<String, Object>> settings, ModuleFactory factory) {
        Map<String, Object> settingsOf(Module m) {
            return settings.apply(type.cast(m));
        }
    }

    private static final List<Kind<?>> KINDS = List.of(
            new Kind<>(
                    Sequential.class,
                    m -> Map.of(),
                    s -> Sequential.of(s.children().stream().map(s::child).toArray(Module[]::new))),
            new Kind<>(Linear.class, m -> settings("in", m.in, "out", m.out, "bias", m.bias() != null), s -> {
                s.expect("weight", size(s, "out"), size(s, "in"));
                return new Linear(size(s, "in"), size(s, "out"), s.settings().flag("bias"), unused());
            }),
            new Kind<>(
                    Conv2d.class,
                    m -> settings("in", m.in, "out", m.out, "window", list(m.window()), "bias", m.bias() != null),
                    s -> {
                        Window w = window(s);
                        s.expect("weight", size(s, "out"), size(s, "in"), w.kernelH(), w.kernelW());
                        return new Conv2d(
                                size(s, "in"), size(s, "out"), w, s.settings().flag("bias"), unused());
                    }),
            new Kind<>(MaxPool2d.class, m -> settings("window", list(m.window())), s -> new MaxPool2d(window(s))),
            new Kind<>(AvgPool2d.class, m -> settings("window", list(m.window())), s -> new AvgPool2d(window(s))),
            new Kind<>(ZeroPad2d.class, m -> settings("padding", List.of(m.left, m.right, m.top, m.bottom)), s -> {
                int[] p = s.settings().integers("padding", 4);
                return new ZeroPad2d(p[0], p[1], p[2], p[3]);
            }),
            new Kind<>(
                    UpsampleNearest2d.class,
                    m -> settings("scale", m.scale),
                    s -> new UpsampleNearest2d(size(s, "scale"))),
            new Kind<>(
                    Dropout.class,
                    m -> settings("p", m.p),
                    s -> new Dropout(s.settings().number("p"))),
            plain(Flatten.class, Flatten::new),
            plain(GlobalAvgPool2d.class, GlobalAvgPool2d::new),
            plain(Identity.class, Identity::new),
            plain(ReLU.class, ReLU::new),
            plain(Sigmoid.class, Sigmoid::new),
            plain(Tanh.class, Tanh::new));

    private ShippedLayers() {}

    private static <M extends Module> Kind<M> plain(Class<M> type, Supplier<M> make) {
        return new Kind<>(type, m -> Map.of(), s -> make.get());
    }

    private static Map<String, Object> settings(Object... keysAndValues) {
        Map<String, Object> settings = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            settings.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return settings;
    }

    private static int size(SavedLayer s, String key) {
        return (int) s.settings().integer(key, 1, Integer.MAX_VALUE);
    }

    private static List<Integer> list(Window w) {
        return List.of(
                w.kernelH(), w.kernelW(), w.strideH(), w.strideW(), w.padH(), w.padW(), w.dilationH(), w.dilationW());
    }

    private static Window window(SavedLayer s) {
        int[] w = s.settings().integers("window", 8);
        return new Window(w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7]);
    }

    /** What is drawn from it is overwritten by what was saved. */
    private static Rng unused() {
        return Rng.of(0);
    }

    private static Stream<Kind<?>> kinds(Class<?> type) {
        return KINDS.stream().filter(k -> k.type == type);
    }

    /** The settings of a layer of this package; null for any other module, and for functions. */
    static @Nullable Map<String, Object> settings(Module m) {
        return kinds(m.getClass()).map(k -> k.settingsOf(m)).findFirst().orElse(null);
    }

    static @Nullable ModuleFactory factory(String type) {
        return KINDS.stream()
                .filter(k -> name(k.type).equals(type))
                .map(Kind::factory)
                .findFirst()
                .orElse(null);
    }

    /** Short for a layer of this package; others are told apart by their package. */
    static String name(Class<?> type) {
        boolean shipped = type == Lambda.class || kinds(type).findAny().isPresent();
        return shipped ? type.getSimpleName() : type.getName();
    }
}
