package io.miniai.data;

import io.miniai.callback.CheckpointCB;
import io.miniai.callback.Objective;
import io.miniai.learn.Callback;
import io.miniai.learn.Learner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What {@link KillTest} runs in processes of its own: begins a training or goes on with it, and writes how it ended. */
final class KilledTraining {
    private KilledTraining() {}

    // Folder of checkpoints, file for the outcome, epochs, workers, seed of the weights that a resumed fit overwrites.
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        CheckpointCB checkpoints =
                new CheckpointCB(folder).everyBatches(1).keep(2).best(Objective.validLoss());
        // Its hooks come before those of CheckpointCB: the next thing is a save.
        Callback tell = new Callback() {
            @Override
            public void afterBatch(Learner learn) {
                System.out.println("batch");
            }
        };
        Optional<Path> latest = checkpoints.latest();
        long seed = latest.isPresent() ? Long.parseLong(args[4]) : 1;
        int workers = Integer.parseInt(args[3]);
        try (SmallTraining training = new SmallTraining(seed, workers, 32, checkpoints, tell)) {
            if (latest.isPresent()) {
                training.learn().resume(latest.get());
            } else {
                training.learn().fit(Integer.parseInt(args[2]), 0.05);
            }
            Files.write(Path.of(args[1]), training.outcome());
        }
    }
}
