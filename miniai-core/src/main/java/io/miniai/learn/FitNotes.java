package io.miniai.learn;

import io.miniai.nn.ModelNotes;
import java.util.Map;

/** Where the model of a learner comes from, for its file. */
final class FitNotes {
    private FitNotes() {}

    static ModelNotes of(Learner learn) {
        ModelNotes notes = ModelNotes.none();
        Map<String, Object> train = Comparison.data(learn.dls()).getOrDefault("train", Map.of());
        notes = notes.data(train.toString());
        if (train.get("seed") instanceof String seed) {
            notes = notes.seed(Long.parseLong(seed));
        }
        Run run = learn.lastRun();
        if (run != null) {
            notes = notes.hyperparameter("epochs", run.epochs());
            Double rate = run.rate();
            if (rate != null) {
                notes = notes.hyperparameter("lr", rate);
            }
            for (Map.Entry<String, Object> e : run.optimizerSettings().entrySet()) {
                notes = notes.hyperparameter(("optimizer " + e.getKey()).strip(), e.getValue());
            }
        }
        return learn.history().isEmpty() ? notes : metrics(learn.history().last(), notes);
    }

    private static ModelNotes metrics(EpochRecord last, ModelNotes notes) {
        ModelNotes all = notes.metric("train loss", last.trainLoss()).metric("valid loss", last.validLoss());
        for (Map.Entry<String, Double> e : last.trainMetrics().entrySet()) {
            all = all.metric("train " + e.getKey(), e.getValue());
        }
        for (Map.Entry<String, Double> e : last.validMetrics().entrySet()) {
            all = all.metric("valid " + e.getKey(), e.getValue());
        }
        return all;
    }
}
