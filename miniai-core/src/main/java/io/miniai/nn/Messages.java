package io.miniai.nn;

import io.miniai.tensor.Shape;
import io.miniai.tensor.ShapeException;
import io.miniai.tensor.Window;
import org.jspecify.annotations.Nullable;

/** The texts of this package's shape errors, in one place: where, what came, what gives it, and the fix. */
final class Messages {
    private Messages() {}

    // ---- a layer that its input does not fit ----------------------------------------------------

    /** One layer by itself. */
    static ShapeException misfit(Module m, Shape got, String why) {
        return new ShapeException("%s: got %s. %s".formatted(m.label(), got, why));
    }

    /** A layer on its path in a model; {@code giver} is the layer before that decided the shape, if one did. */
    static String misfit(String path, Module m, Shape got, Trace.@Nullable Step giver, Shape input, String why) {
        String where = path.isEmpty() ? m.label() : "layer " + path + " " + m.label();
        String from = giver != null ? "; " + gives(giver) : got.equals(input) ? "" : "; the model's input is " + input;
        return "%s: got %s%s. %s".formatted(where, got, from, why);
    }

    private static String gives(Trace.Step giver) {
        String layer = giver.path().isEmpty() ? "" : "layer " + giver.path() + " ";
        return layer + kind(giver.module()) + " gives " + giver.out();
    }

    /** The class name of a module, without its settings. */
    private static String kind(Module m) {
        String label = m.label();
        int bracket = label.indexOf('(');
        return bracket < 0 ? label : label.substring(0, bracket);
    }

    static @Nullable String features(Shape s, int in, int out) {
        if (s.rank() >= 1 && s.dim(-1) == in) {
            return null;
        }
        if (s.rank() == 4) {
            long features = s.numel() / s.dim(0);
            return features == in
                    ? "Put new Flatten() before it."
                    : "Put new Flatten() before it and use Linear(%d, %d).".formatted(features, out);
        }
        return s.rank() == 0
                ? "It needs features [N, %d].".formatted(in)
                : "Use Linear(%d, %d).".formatted(s.dim(-1), out);
    }

    static String notImages(Shape s, int channels) {
        String need = "It needs images [N, C, H, W]. ";
        if (s.rank() == 3) {
            return need
                    + (s.dim(0) == channels || channels != 1
                            ? "Use x.unsqueeze(0) for a single image."
                            : "Use x.unsqueeze(1) for grey images.");
        }
        if (s.rank() == 2) {
            int c = Math.max(1, channels);
            int side = (int) Math.round(Math.sqrt(s.dim(1) / (double) c));
            return c * side * side == s.dim(1)
                    ? need + "Use x.reshape(-1, %d, %d, %d) before it.".formatted(c, side, side)
                    : need + "Put it before Flatten and Linear.";
        }
        return need.strip();
    }

    static String channels(ImageLayer m, Shape in) {
        return "It needs %s. Use %s(%d, …).".formatted(count(m.channelsIn(), "channel"), kind(m), in.dim(1));
    }

    static String tooSmall(Window w, int h, int width) {
        int spanH = span(w.kernelH(), w.dilationH());
        int spanW = span(w.kernelW(), w.dilationW());
        int more = Math.max(spanH - h - 2 * w.padH(), spanW - width - 2 * w.padW());
        int pad = Math.max(w.padH(), w.padW()) + (more + 1) / 2;
        String kernel = spanH == w.kernelH() && spanW == w.kernelW()
                ? "The %s kernel".formatted(times(spanH, spanW))
                : "The %s kernel, spread to %s by its dilation,"
                        .formatted(times(w.kernelH(), w.kernelW()), times(spanH, spanW));
        return "%s is larger than the padded input %s. Use padding %d or a smaller kernel, or shrink the image less before."
                .formatted(kernel, times(h + 2 * w.padH(), width + 2 * w.padW()), pad);
    }

    private static int span(int kernel, int dilation) {
        return dilation * (kernel - 1) + 1;
    }

    static String nothingLeft(int h, int w) {
        return "Cropping leaves nothing of %s. Crop less.".formatted(times(h, w));
    }

    // ---- a head that the labels do not fit ------------------------------------------------------

    static String labels(Shape preds, Shape target, Trace.@Nullable Step giver) {
        int n = target.dim(0);
        String model = "loss: labels %s need scores [%d, classes]; %s. ".formatted(target, n, model(preds, giver));
        if (preds.rank() == 4 && preds.dim(0) == n) {
            return preds.dim(2) == 1 && preds.dim(3) == 1
                    ? model + "Add new Flatten() at the end."
                    : model
                            + "That is a %s grid of scores for each image. "
                                    .formatted(times(preds.dim(2), preds.dim(3)))
                            + "Shrink it to 1×1 with stride 2 and add new Flatten(), or add new GlobalAvgPool2d() at the end.";
        }
        if (preds.rank() >= 1 && preds.dim(0) != n) {
            return model + "The model changes the number of samples: check its reshapes.";
        }
        return model + "End the model with Linear(…, classes).";
    }

    static String labelColumn(Shape target) {
        return "loss: labels are %s; cross-entropy needs [%d]. Use target.squeeze(1).".formatted(target, target.dim(0));
    }

    static String labelRange(long label, Shape preds, Trace.@Nullable Step giver) {
        int classes = preds.dim(1);
        return "loss: got label %d; %s, which is %s: 0 to %d. "
                        .formatted(label, model(preds, giver), count(classes, "class"), classes - 1)
                + (label < 0
                        ? "Labels start at 0."
                        : "Use at least %d outputs, or check the labels.".formatted(label + 1));
    }

    static String target(Shape preds, Shape target, Trace.@Nullable Step giver) {
        String text = "loss: target is %s; %s. ".formatted(target, model(preds, giver));
        if (preds.rank() == 4 && target.rank() == 4 && preds.dim(1) == target.dim(1)) {
            int h = target.dim(2) - preds.dim(2);
            int w = target.dim(3) - preds.dim(3);
            if (h == w && h % 2 == 0) {
                return text + "Add new ZeroPad2d(%d) at the end.".formatted(h / 2);
            }
        }
        if (target.numel() == preds.numel()) {
            return text + "Use target.reshape(%s).".formatted(dims(preds));
        }
        return text + "Make the two equal.";
    }

    private static String dims(Shape s) {
        String text = s.toString();
        return text.substring(1, text.length() - 1);
    }

    private static String model(Shape preds, Trace.@Nullable Step giver) {
        return giver == null
                ? "the model gives " + preds
                : giver.out().equals(preds) ? gives(giver) : "the model gives %s (%s)".formatted(preds, gives(giver));
    }

    // ---- settings -------------------------------------------------------------------------------

    static int atLeast(int least, int value, String what) {
        if (value < least) {
            throw new IllegalArgumentException("Expected at least %d %s; got %d.".formatted(least, what, value));
        }
        return value;
    }

    static Window poolWindow(Window w) {
        if (2 * w.padH() > w.kernelH() || 2 * w.padW() > w.kernelW()) {
            throw new IllegalArgumentException(
                    "Expected padding of at most half the pooling kernel; got kernel %s, padding %s."
                            .formatted(times(w.kernelH(), w.kernelW()), times(w.padH(), w.padW())));
        }
        return w;
    }

    /** {@code 3×3, stride 2, padding 1}, what is usual left out. */
    static String window(Window w) {
        return times(w.kernelH(), w.kernelW())
                + setting("stride", 1, w.strideH(), w.strideW())
                + setting("padding", 0, w.padH(), w.padW())
                + setting("dilation", 1, w.dilationH(), w.dilationW());
    }

    private static String setting(String name, int usual, int h, int w) {
        return h == usual && w == usual ? "" : ", " + name + " " + (h == w ? Integer.toString(h) : times(h, w));
    }

    private static String times(int h, int w) {
        return h + "×" + w;
    }

    private static String count(int n, String what) {
        return n + " " + what + (n == 1 ? "" : what.endsWith("s") ? "es" : "s");
    }
}
