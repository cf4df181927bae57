package io.miniai.benchmarks.miniai.whole;

import io.miniai.learn.Batch;
import io.miniai.nn.Losses;
import io.miniai.nn.Models;
import io.miniai.nn.Module;
import io.miniai.optim.SGD;
import java.lang.management.ManagementFactory;
import org.nd4j.linalg.factory.Nd4j;

/** From the start of the virtual machine and of {@code main} to the first trained batch. */
public final class Start {
    private Start() {}

    /** Prints both; with the argument {@code nd4j}, how long ND4J alone takes to its first array. */
    public static void main(String[] args) {
        long main = System.nanoTime();
        if (args.length > 0) {
            System.setProperty("org.nd4j.versioncheck", "false");
            Nd4j.zeros(1);
            Print.line("from main to ND4J's first array: %.2f s", Print.secondsSince(main));
            return;
        }
        Batch batch = Synthetic.images(64, 28);
        double tensors = Print.secondsSince(main);
        Module cnn = Models.cnn();
        SGD optimizer = new SGD(cnn.parameters(), 0.1);
        Losses.crossEntropy(cnn.apply(batch.x()), batch.y()).backward();
        optimizer.step();
        double trained = Print.secondsSince(main);
        double process = (System.currentTimeMillis()
                        - ManagementFactory.getRuntimeMXBean().getStartTime())
                / 1e3;
        Print.line(
                "from main to the first batch in tensors %.2f s, to the first trained batch %.2f s (from the start of the"
                        + " virtual machine %.2f s)",
                tensors, trained, process);
    }
}
