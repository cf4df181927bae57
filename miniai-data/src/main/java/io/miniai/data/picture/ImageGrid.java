package io.miniai.data.picture;

import io.miniai.tensor.Tensor;
import java.awt.Color;
import java.awt.Font;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Images in rows and columns, each with a title if wanted; a last row may be short.
 *
 * <pre>{@code
 * Batch b = fashion.train().batch(0, 16);
 * ImageGrid.of(b.x()).titles(i -> names.get((int) b.y().at(i))).save(Path.of("out/batch.png"));
 * }</pre>
 */
public final class ImageGrid implements Picture {
    private static final int MARGIN = 12;
    private static final int GAP = 10;
    private static final int WANTED_SIDE = 84; // points, to which an image is enlarged by a whole number

    private record Line(String text, Font font, Color color) {}

    private final Tensor images;
    private final int count;
    private final List<List<Line>> titles = new ArrayList<>();
    private int columns;
    private int scale;
    private boolean stretch;
    private String heading = "";

    private ImageGrid(Tensor images) {
        this.images = images;
        this.count = images.rank() == 2 ? 1 : images.size(0);
        columns = (int) Math.ceil(Math.sqrt(count));
        for (int i = 0; i < count; i++) {
            titles.add(List.of());
        }
    }

    /**
     * Begins a grid, as square as it can be.
     *
     * @param images {@code [N, C, H, W]} with 1 or 3 channels, {@code [N, H, W]} or one {@code [H, W]}; 0 is black,
     *     1 white
     */
    public static ImageGrid of(Tensor images) {
        return new ImageGrid(images);
    }

    /** Gives each image a title, from its number. */
    public ImageGrid titles(IntFunction<String> titleOf) {
        for (int i = 0; i < count; i++) {
            titles.set(i, List.of(new Line(titleOf.apply(i), Canvas.TITLE, Canvas.INK)));
        }
        return this;
    }

    /**
     * Titles each image with its predicted class: green where it is right, red with the true one below where not.
     *
     * @param predicted labels {@code [N]}
     * @param actual labels {@code [N]}
     * @param classNames by label
     */
    public ImageGrid predictions(Tensor predicted, Tensor actual, List<String> classNames) {
        long[] guesses = predicted.toLongArray();
        long[] truths = actual.toLongArray();
        if (guesses.length != count || truths.length != count) {
            throw new IllegalArgumentException("predictions: expected one label for each of " + count + " images, got "
                    + predicted.shape() + " and " + actual.shape());
        }
        for (int i = 0; i < count; i++) {
            boolean right = guesses[i] == truths[i];
            Line guess = new Line(classNames.get((int) guesses[i]), Canvas.TITLE, right ? Canvas.RIGHT : Canvas.WRONG);
            Line truth = new Line(right ? "" : "is " + classNames.get((int) truths[i]), Canvas.SMALL, Canvas.FAINT);
            titles.set(i, List.of(guess, truth));
        }
        return this;
    }

    /** Puts this many images into a row. */
    public ImageGrid columns(int number) {
        if (number < 1) {
            throw new IllegalArgumentException("columns: expected at least 1, got " + number);
        }
        columns = Math.min(number, count);
        return this;
    }

    /** Draws each pixel this many points wide and high; by default as many as make an image about 84 points wide. */
    public ImageGrid scale(int pointsPerPixel) {
        if (pointsPerPixel < 1) {
            throw new IllegalArgumentException("scale: expected at least 1, got " + pointsPerPixel);
        }
        scale = pointsPerPixel;
        return this;
    }

    /** Makes each image's smallest number black and its largest white: for feature maps and kernels. */
    public ImageGrid stretch() {
        stretch = true;
        return this;
    }

    /** Writes a line above all. */
    public ImageGrid heading(String text) {
        heading = text;
        return this;
    }

    @Override
    public BufferedImage image() {
        List<BufferedImage> drawn = Raster.of(images, stretch);
        int points = scale > 0 ? scale : Math.max(1, WANTED_SIDE / Math.max(images.size(-1), images.size(-2)));
        int width = images.size(-1) * points;
        int height = images.size(-2) * points;
        int titleHeight = titles.stream().mapToInt(ImageGrid::height).max().orElse(0);
        int rows = (count + columns - 1) / columns;
        int top = MARGIN + (heading.isEmpty() ? 0 : Canvas.lineHeight(Canvas.HEADING) + 6);
        int across = columns * (width + GAP) - GAP;
        int contentWidth = Math.max(across, Canvas.width(heading, Canvas.HEADING));
        int left = MARGIN + (contentWidth - across) / 2;
        int rowHeight = titleHeight + height + GAP;
        try (Canvas canvas = new Canvas(contentWidth + 2 * MARGIN, top + rows * rowHeight - GAP + MARGIN)) {
            canvas.text(heading, Canvas.HEADING, Canvas.INK, MARGIN, MARGIN, contentWidth, top - MARGIN - 6);
            for (int i = 0; i < count; i++) {
                int x = left + i % columns * (width + GAP);
                int y = top + i / columns * rowHeight;
                drawTitle(canvas, titles.get(i), x - GAP / 2 + 1, y, width + GAP - 2);
                canvas.pixels(drawn.get(i), x, y + titleHeight, width, height);
            }
            return canvas.image();
        }
    }

    private static int height(List<Line> title) {
        return title.stream().mapToInt(line -> Canvas.lineHeight(line.font)).sum() + (title.isEmpty() ? 0 : 3);
    }

    private static void drawTitle(Canvas canvas, List<Line> title, int x, int y, int width) {
        int at = y;
        for (Line line : title) {
            canvas.text(line.text, line.font, line.color, x, at, width, Canvas.lineHeight(line.font));
            at += Canvas.lineHeight(line.font);
        }
    }
}
