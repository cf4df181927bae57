package io.miniai.callback;

import io.miniai.file.FileException;
import io.miniai.file.JsonObject;
import io.miniai.learn.Borrows;
import io.miniai.learn.CancelBatchException;
import io.miniai.learn.CancelEpochException;
import io.miniai.learn.CancelException;
import io.miniai.learn.Checkpoint;
import io.miniai.learn.Learner;
import io.miniai.learn.StatefulCallback;
import io.miniai.tensor.Tensor;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Saves the fit while it runs, so that {@link Learner#resume} goes on with it exactly after the process has ended,
 * however it ended: {@code new CheckpointCB(folder).everyBatches(100).keep(2).best(Objective.highest("accuracy"))}.
 *
 * <p>Files are {@code checkpoint-000001.safetensors} and so on, numbered in the order they were written, by fits and
 * processes one after the other; the newest is the one with the highest number, whatever the clocks say. A folder is for
 * one training. The best is a model file, {@code best.safetensors}. Each is written as a whole or not at all. Fits that a
 * callback calls are not saved.
 *
 * <p>Order −1000: its clean-up hooks, which save, come after those of other callbacks.
 */
public final class CheckpointCB implements StatefulCallback, Borrows {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointCB.class);
    private static final String UNLISTED = "the checkpoints in it could not be listed";
    private static final String BEST = "best.safetensors";
    private static final Pattern NAME = Pattern.compile("checkpoint-(\\d{6,18})\\.safetensors");

    private final Path folder;
    private int everyBatches;
    private int everyEpochs = 1;
    private int keep = 3;
    private @Nullable Objective objective;
    private long batches;
    private double best = Double.NaN;

    /** Saves after every epoch, and keeps the last three. */
    public CheckpointCB(Path folder) {
        this.folder = Objects.requireNonNull(folder, "folder");
    }

    /**
     * Saves after every {@code n} training batches too, counted over the epochs; not unless said so.
     *
     * @return this
     */
    public CheckpointCB everyBatches(int n) {
        everyBatches = atLeastOne("everyBatches", n);
        return this;
    }

    /**
     * Saves after every {@code n} epochs; 1 unless said otherwise.
     *
     * @return this
     */
    public CheckpointCB everyEpochs(int n) {
        everyEpochs = atLeastOne("everyEpochs", n);
        return this;
    }

    /**
     * Keeps the last {@code n} checkpoints of the folder and deletes older ones; 3 unless said otherwise.
     *
     * @return this
     */
    public CheckpointCB keep(int n) {
        keep = atLeastOne("keep", n);
        return this;
    }

    /**
     * Saves the model of the best epoch so far, too; needs a {@link MetricsCB}.
     *
     * @return this
     */
    public CheckpointCB best(Objective by) {
        objective = Objects.requireNonNull(by, "by");
        return this;
    }

    private static int atLeastOne(String setting, int n) {
        if (n < 1) {
            throw new IllegalArgumentException(setting + ": expected at least 1; got " + n + ".");
        }
        return n;
    }

    // ---- what is there --------------------------------------------------------------------------

    /**
     * The newest checkpoint of the folder, if there is one.
     *
     * @throws FileException when the folder cannot be read
     */
    public Optional<Path> latest() {
        return latest(folder);
    }

    /** As {@link #latest()}, of any folder. */
    public static Optional<Path> latest(Path folder) {
        return Optional.ofNullable(checkpoints(folder).lastEntry()).map(Map.Entry::getValue);
    }

    /** The model of the best epoch so far, which {@link #best(Objective)} saves. */
    public Path bestFile() {
        return folder.resolve(BEST);
    }

    private static NavigableMap<Long, Path> checkpoints(Path folder) {
        NavigableMap<Long, Path> found = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Matcher m = NAME.matcher(file.getFileName().toString());
                if (m.matches()) {
                    found.put(Long.parseLong(m.group(1)), file);
                }
            }
        } catch (NoSuchFileException e) {
            LOG.debug("No folder {} yet", folder);
        } catch (NotDirectoryException e) {
            throw new FileException(folder, "expected a folder for checkpoints; got a file.", e);
        } catch (DirectoryIteratorException e) {
            throw FileException.refused(folder, UNLISTED, Objects.requireNonNull(e.getCause()));
        } catch (IOException e) {
            throw FileException.refused(folder, UNLISTED, e);
        }
        return found;
    }

    // ---- hooks ----------------------------------------------------------------------------------

    @Override
    public int order() {
        return -1000;
    }

    @Override
    public void beforeFit(Learner learn) {
        if (learn.depth() > 0) {
            return;
        }
        batches = 0;
        best = Double.NaN;
        if (objective != null) {
            objective.requireFigures(learn, this);
        }
        try {
            Files.createDirectories(folder);
        } catch (FileAlreadyExistsException e) {
            throw new FileException(folder, "expected a folder for checkpoints; got a file.", e);
        } catch (IOException e) {
            throw FileException.refused(folder, "the folder for checkpoints could not be made", e);
        }
    }

    @Override
    public void cleanupBatch(Learner learn) {
        boolean done = learn.failure() == null || learn.failure() instanceof CancelBatchException;
        if (learn.depth() == 0 && learn.training() && done) {
            batches++;
            if (everyBatches > 0 && batches % everyBatches == 0) {
                save(learn);
            }
        }
    }

    @Override
    public void cleanupEpoch(Learner learn) {
        boolean done = learn.failure() == null || learn.failure() instanceof CancelEpochException;
        if (!Objective.epochIsComplete(learn)) {
            return;
        }
        if (learn.failure() == null || learn.failure() instanceof CancelException) {
            saveBest(learn); // its figures are there, unless it was cancelled before
        }
        if (done && ((learn.epoch() + 1) % everyEpochs == 0 || learn.epoch() + 1 == learn.epochs())) {
            save(learn);
        }
    }

    private void saveBest(Learner learn) {
        if (objective == null) {
            return;
        }
        double figure = objective.of(learn);
        if (objective.isBetter(figure, best, 0)) {
            learn.save(bestFile());
            best = figure;
        }
    }

    private void save(Learner learn) {
        NavigableMap<Long, Path> there = checkpoints(folder);
        long number = there.isEmpty() ? 1 : there.lastKey() + 1;
        Checkpoint.save(learn, folder.resolve(String.format(Locale.ROOT, "checkpoint-%06d.safetensors", number)));
        while (there.size() >= keep) {
            delete(there.pollFirstEntry().getValue());
        }
    }

    /** One that stays is no reason to end a fit. */
    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("The old checkpoint {} could not be deleted.", file, e);
        }
    }

    // ---- its own state --------------------------------------------------------------------------

    @Override
    public State saveState() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("batches", batches);
        values.put("best", best);
        return new State(values, Map.of());
    }

    @Override
    public void restoreState(JsonObject values, Map<String, Tensor> tensors) {
        batches = values.integer("batches", 0, Long.MAX_VALUE);
        best = values.number("best");
    }
}
