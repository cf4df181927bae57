package io.miniai.learn;

import static org.assertj.core.api.Assertions.assertThat;

import io.miniai.nn.Module;
import io.miniai.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Writes down what happens in a fit, a line each, indented by level, and compares it with what should have. */
final class Transcript {
    private final StringBuilder text = new StringBuilder();

    void line(int indent, String line) {
        // Compilers number anonymous classes as they like.
        String named = line.replaceAll("EventOrderTest[$0-9]+", "anonymous");
        text.append("  ".repeat(indent)).append(named).append('\n');
    }

    /** Runs {@code fit} and writes down how it ended. */
    Transcript of(Runnable fit) {
        try {
            fit.run();
            line(0, "fit returned");
        } catch (RuntimeException | Error e) {
            line(0, "fit threw " + e.getClass().getSimpleName() + ": " + e.getMessage());
            if (e.getCause() != null) {
                line(1, "cause " + e.getCause());
            }
            for (Throwable s : e.getSuppressed()) {
                line(1, "suppressed " + s.getMessage());
            }
        }
        return this;
    }

    /** Compares with the resource of this name; with -Dminiai.transcripts=DIR writes it there instead. */
    void matches(String name) {
        String dir = System.getProperty("miniai.transcripts");
        try {
            if (dir != null) {
                Files.writeString(Path.of(dir, name + ".txt"), text);
                return;
            }
            try (InputStream in = Transcript.class.getResourceAsStream("transcripts/" + name + ".txt")) {
                String golden = new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
                assertThat(text.toString()).isEqualTo(golden.replace("\r\n", "\n"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A callback that writes down every hook, and does something at one. */
    static class Recorder implements Callback {
        private final Transcript transcript;
        private final String name;

        Recorder(Transcript transcript, String name) {
            this.transcript = transcript;
            this.name = name;
        }

        void at(Event event, Learner learn) {}

        private static int indent(Level level) {
            return switch (level) {
                case FIT -> 0;
                case EPOCH -> 1;
                case BATCH -> 2;
            };
        }

        private void record(Event event, Learner learn) {
            int indent = 3 * learn.depth() + indent(event.level());
            String where = event.level() == Level.FIT
                    ? ""
                    : "  " + (learn.training() ? "train" : "valid") + " " + learn.epoch()
                            + (event.level() == Level.BATCH ? "." + learn.iteration() : "");
            transcript.line(indent, event + " " + name + where);
            at(event, learn);
        }

        @Override
        public void beforeFit(Learner learn) {
            record(Event.BEFORE_FIT, learn);
        }

        @Override
        public void beforeEpoch(Learner learn) {
            record(Event.BEFORE_EPOCH, learn);
        }

        @Override
        public void beforeBatch(Learner learn) {
            record(Event.BEFORE_BATCH, learn);
        }

        @Override
        public void afterPredict(Learner learn) {
            record(Event.AFTER_PREDICT, learn);
        }

        @Override
        public void afterLoss(Learner learn) {
            record(Event.AFTER_LOSS, learn);
        }

        @Override
        public void afterBackward(Learner learn) {
            record(Event.AFTER_BACKWARD, learn);
        }

        @Override
        public void afterStep(Learner learn) {
            record(Event.AFTER_STEP, learn);
        }

        @Override
        public void afterBatch(Learner learn) {
            record(Event.AFTER_BATCH, learn);
        }

        @Override
        public void cleanupBatch(Learner learn) {
            record(Event.CLEANUP_BATCH, learn);
        }

        @Override
        public void afterEpoch(Learner learn) {
            record(Event.AFTER_EPOCH, learn);
        }

        @Override
        public void cleanupEpoch(Learner learn) {
            record(Event.CLEANUP_EPOCH, learn);
        }

        @Override
        public void afterFit(Learner learn) {
            record(Event.AFTER_FIT, learn);
        }

        @Override
        public void cleanupFit(Learner learn) {
            record(Event.CLEANUP_FIT, learn);
        }
    }

    /** A learner that writes down its steps. */
    static class RecordingLearner extends Learner {
        private final Transcript transcript;

        RecordingLearner(Transcript transcript, Module model, TrainValid dls) {
            super(model, dls);
            this.transcript = transcript;
        }

        /** Called at every step, after it was written down. */
        void at(String step) {}

        private void record(String step) {
            transcript.line(3 * depth() + 2, "* " + step);
            at(step);
        }

        @Override
        public Tensor predict() {
            record("predict");
            return super.predict();
        }

        @Override
        public Tensor getLoss() {
            record("getLoss");
            return super.getLoss();
        }

        @Override
        public void backward() {
            record("backward");
            super.backward();
        }

        @Override
        public void step() {
            record("step");
            super.step();
        }

        @Override
        public void zeroGrad() {
            record("zeroGrad");
            super.zeroGrad();
        }
    }
}
