package io.miniai.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

class MemoryStatsTest {
    private static final int MIB = 1 << 20;

    @Test
    void counts_bytes_in_use_their_peak_and_what_waits_for_reuse() {
        Workspace workspace = new Workspace();
        MemoryStats before = MemoryStats.now();
        try (var step = workspace.enter()) {
            Tensor.zeros(MIB);
        }
        MemoryStats during = MemoryStats.now();
        workspace.release();
        MemoryStats after = MemoryStats.now();
        // What other tests dropped may come back meanwhile, so that less is in use; never more.
        assertThat(during.inUse()).isBetween(4L * MIB, before.inUse() + 4L * MIB);
        assertThat(during.peak()).isGreaterThanOrEqualTo(during.inUse());
        assertThat(after.peak()).isGreaterThanOrEqualTo(during.peak());
        assertThat(after.inUse()).isLessThanOrEqualTo(during.inUse() - 4L * MIB);
        assertThat(after.waiting()).isGreaterThanOrEqualTo(during.waiting() + 4L * MIB);
    }

    @Test
    void counts_blocks_allocated_and_used_again() {
        Workspace workspace = new Workspace();
        try (var step = workspace.enter()) {
            Tensor.zeros(MIB);
        }
        workspace.release();
        MemoryStats before = MemoryStats.now();
        try (var step = workspace.enter()) {
            Tensor.zeros(MIB);
        }
        MemoryStats after = MemoryStats.now();
        workspace.release();
        assertThat(after.reuses()).isEqualTo(before.reuses() + 1);
        assertThat(after.allocations()).isEqualTo(before.allocations());
    }

    @Test
    void gives_back_what_waits_when_asked() {
        Workspace workspace = new Workspace();
        try (var step = workspace.enter()) {
            Tensor.zeros(MIB);
        }
        workspace.release();
        MemoryStats.trim();
        assertThat(MemoryStats.now().waiting()).isZero();
    }

    @Test
    void throws_beyond_the_limit_with_the_numbers_and_the_fix() {
        MemoryStats.limit(MIB); // less than what is asked for: it fails whatever the collector finds of others
        try {
            assertThatIllegalStateException()
                    .isThrownBy(() -> Tensor.zeros(MIB))
                    .withMessageMatching("Native memory is at its limit\\. Expected: at most [0-9,]+ bytes"
                            + " \\(miniai\\.memory\\.limit\\); got: [0-9,]+ in use and 4,194,304 more asked for\\. Fix: a smaller"
                            + " batch, let go of tensors that are kept, or raise the limit\\.");
        } finally {
            MemoryStats.limit(Long.MAX_VALUE);
        }
        assertThat(Tensor.zeros(MIB).numel()).isEqualTo(MIB);
    }
}
