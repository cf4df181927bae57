package io.miniai.callback;

import java.util.concurrent.CompletableFuture;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;

/** One progress bar on a screen, redrawn by the library's own daemon thread, gone after {@link #close}. */
final class BarLine {
    private static final int REDRAW_MILLIS = 100;

    private final Output output;
    private final ProgressBar bar;

    /** Shows a bar; {@code total} is -1 when the number of steps is not known. */
    BarLine(Screen screen, Terminal terminal, String title, int total, boolean training) {
        output = new Output(screen, terminal.width());
        bar = new ProgressBarBuilder()
                .setTaskName(title)
                .setInitialMax(total)
                .setUpdateIntervalMillis(REDRAW_MILLIS)
                .setRenderer(new BarText(terminal.unicode(), training))
                .setConsumer(output)
                .build();
    }

    void step(int done) {
        bar.stepTo(done);
    }

    void message(String text) {
        bar.setExtraMessage(text);
    }

    void close() {
        // The library's close() waits and would swallow an interrupt; join() does not.
        CompletableFuture.runAsync(bar::close).join();
        output.close();
    }

    private static final class Output implements ProgressBarConsumer {
        private final Screen screen;
        private final int width;
        private boolean closed;

        Output(Screen screen, int width) {
            this.screen = screen;
            this.width = width;
        }

        @Override
        public int getMaxRenderedLength() {
            return width;
        }

        @Override
        public synchronized void accept(String rendered) {
            if (!closed) {
                screen.bar(rendered);
            }
        }

        /** Also called by us: a bar that is closed before it was first drawn does not do it. */
        @Override
        public synchronized void close() {
            if (!closed) {
                closed = true;
                screen.bar("");
            }
        }
    }
}
