package io.miniai.learn;

import java.util.Locale;

/** The three nested levels of a fit, the outermost first, and the hooks around each. */
enum Level {
    FIT,
    EPOCH,
    BATCH;

    Event before() {
        return switch (this) {
            case FIT -> Event.BEFORE_FIT;
            case EPOCH -> Event.BEFORE_EPOCH;
            case BATCH -> Event.BEFORE_BATCH;
        };
    }

    Event after() {
        return switch (this) {
            case FIT -> Event.AFTER_FIT;
            case EPOCH -> Event.AFTER_EPOCH;
            case BATCH -> Event.AFTER_BATCH;
        };
    }

    Event cleanup() {
        return switch (this) {
            case FIT -> Event.CLEANUP_FIT;
            case EPOCH -> Event.CLEANUP_EPOCH;
            case BATCH -> Event.CLEANUP_BATCH;
        };
    }

    /** Whether this level runs within the given one or is it. */
    boolean isWithin(Level outer) {
        return compareTo(outer) >= 0;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
