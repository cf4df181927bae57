package io.miniai.testing;

/** How long the long tests run: {@code -Dsoak.scale=0.02} makes them fifty times shorter. */
public final class Soak {
    private Soak() {}

    /** So many of something in the full run, or the part of it that was asked for, though never fewer than least. */
    public static int scaled(int full, int least) {
        double scale = Double.parseDouble(System.getProperty("soak.scale", "1"));
        return Math.max(least, (int) Math.round(full * scale));
    }
}
