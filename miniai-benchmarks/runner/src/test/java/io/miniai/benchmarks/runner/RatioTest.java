package io.miniai.benchmarks.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.miniai.benchmarks.protocol.Model;
import io.miniai.benchmarks.protocol.Task;
import java.util.List;
import org.junit.jupiter.api.Test;

class RatioTest {
    private static final Task CNN = new Task(Model.CNN, 64);

    @Test
    void is_the_peers_median_of_rounds_divided_by_ours() {
        Result ours = new Result(CNN, Peer.MINIAI, List.of(1000.0, 2000.0, 9000.0));
        Result theirs = new Result(CNN, Peer.LIBTORCH, List.of(5000.0, 1.0, 7000.0));
        assertThat(Ratio.among(List.of(ours, theirs))).hasToString("[ratio libtorch cnn bs=64 2.50]");
    }

    @Test
    void of_dl4j_is_also_taken_to_the_portable_kernels() {
        Result ours = new Result(CNN, Peer.MINIAI, List.of(1.0));
        Result portable = new Result(CNN, Peer.PORTABLE, List.of(10.0));
        Result theirs = new Result(CNN, Peer.DL4J, List.of(40.0));
        assertThat(Ratio.among(List.of(ours, portable, theirs)))
                .extracting(Ratio::toString)
                .containsExactly(
                        "ratio portable cnn bs=64 10.00",
                        "ratio dl4j cnn bs=64 40.00",
                        "ratio dl4j cnn-portable bs=64 4.00");
    }

    @Test
    void is_taken_only_of_the_same_task() {
        Result ours = new Result(CNN, Peer.MINIAI, List.of(1.0));
        Result theirs = new Result(new Task(Model.CNN, 256), Peer.LIBTORCH, List.of(4.0));
        assertThat(Ratio.among(List.of(ours, theirs))).isEmpty();
    }
}
