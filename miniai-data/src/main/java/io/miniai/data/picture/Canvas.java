package io.miniai.data.picture;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;

/** A white sheet measured in points, of which each becomes 2×2 pixels, and the few things drawn on it. */
final class Canvas implements AutoCloseable {
    static final int DENSITY = 2;
    static final Color INK = new Color(0x22, 0x22, 0x22);
    static final Color FAINT = new Color(0x77, 0x77, 0x77);
    static final Color LINE = new Color(0xd0, 0xd0, 0xd0);
    static final Color RIGHT = new Color(0x1a, 0x7f, 0x37);
    static final Color WRONG = new Color(0xcf, 0x22, 0x2e);
    static final Font HEADING = new Font(Font.SANS_SERIF, Font.BOLD, 14);
    static final Font TITLE = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
    static final Font SMALL = new Font(Font.SANS_SERIF, Font.PLAIN, 10);

    private static final Graphics2D RULER = graphics(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB));

    private final BufferedImage image;
    private final Graphics2D graphics;

    Canvas(int width, int height) {
        image = new BufferedImage(width * DENSITY, height * DENSITY, BufferedImage.TYPE_INT_RGB);
        graphics = graphics(image);
        graphics.scale(DENSITY, DENSITY);
        fill(0, 0, width, height, Color.WHITE);
    }

    private static Graphics2D graphics(BufferedImage image) {
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
        return g;
    }

    static int width(String text, Font font) {
        synchronized (RULER) {
            return RULER.getFontMetrics(font).stringWidth(text);
        }
    }

    /** Points from one line of text to the next. */
    static int lineHeight(Font font) {
        return font.getSize() * 4 / 3;
    }

    void fill(int x, int y, int width, int height, Color color) {
        graphics.setColor(color);
        graphics.fillRect(x, y, width, height);
    }

    /** Draws one line of text in the middle of a box, shortened with an ellipsis where it does not fit. */
    void text(String text, Font font, Color color, int x, int y, int width, int height) {
        graphics.setFont(font);
        graphics.setColor(color);
        FontMetrics metrics = graphics.getFontMetrics();
        String shown = text;
        while (shown.length() > 1 && metrics.stringWidth(shown) > width) {
            shown = shown.substring(0, shown.length() - (shown.endsWith("…") ? 2 : 1))
                            .stripTrailing() + "…";
        }
        float left = x + (width - metrics.stringWidth(shown)) / 2f;
        float base = y + (height + metrics.getAscent() - metrics.getDescent()) / 2f;
        graphics.drawString(shown, left, base);
    }

    /** Draws pixels as squares with hard edges, and a thin frame around them. */
    void pixels(BufferedImage pixels, int x, int y, int width, int height) {
        fill(x - 1, y - 1, width + 2, height + 2, LINE);
        graphics.drawImage(pixels, x, y, width, height, null); // nearest neighbour, the default
    }

    void draw(BufferedImage drawn, int x, int y) {
        graphics.drawImage(drawn, x, y, drawn.getWidth() / DENSITY, drawn.getHeight() / DENSITY, null);
    }

    BufferedImage image() {
        return image;
    }

    @Override
    public void close() {
        graphics.dispose();
    }
}
