package io.miniai.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostBufferTest {
    private static HostBuffer filled(boolean onCpu) {
        HostBuffer buffer = new HostBuffer(6, onCpu);
        buffer.put(0, new float[] {1, 2, 3, 99}, 3);
        buffer.put(3, new float[] {4, 5, 6}, 3);
        return buffer;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void values_written_by_another_thread_become_a_tensor(boolean onCpu) {
        HostBuffer buffer = CompletableFuture.supplyAsync(() -> filled(onCpu)).join();
        Tensor t = buffer.toTensor(2, 3);
        assertThat(t.shape()).isEqualTo(Shape.of(2, 3));
        assertThat(t.toFloatArray()).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(t.add(1).toFloatArray()).containsExactly(2, 3, 4, 5, 6, 7);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void fewer_values_than_there_is_room_for_become_a_tensor_too(boolean onCpu) {
        assertThat(filled(onCpu).toTensor(1, 4).toFloatArray()).containsExactly(1, 2, 3, 4);
        assertThat(filled(onCpu).toTensor(4).sum().item()).isEqualTo(10);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void the_tensor_belongs_to_the_workspace_of_the_thread_that_asks_for_it(boolean onCpu) {
        Workspace workspace = new Workspace();
        HostBuffer first = filled(onCpu);
        HostBuffer second = filled(onCpu);
        Tensor lost;
        Tensor kept;
        try (var inside = workspace.enter()) {
            lost = first.toTensor(6);
            kept = second.toTensor(6).keep();
        }
        workspace.release();
        assertThatThrownBy(lost::toFloatArray).hasMessageContaining("training step that has ended");
        assertThat(kept.toFloatArray()).containsExactly(1, 2, 3, 4, 5, 6);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void refuses_what_does_not_fit_and_a_second_use(boolean onCpu) {
        HostBuffer buffer = filled(onCpu);
        assertThatThrownBy(() -> buffer.put(4, new float[3], 3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> buffer.toTensor(7))
                .isInstanceOf(ShapeException.class)
                .hasMessage("Expected a shape of at most 6 elements, which the buffer has room for; got [7].");
        buffer.toTensor(6);
        String used = "This buffer has become a tensor. Expected: a buffer for every tensor. Fix: allocate another.";
        assertThatThrownBy(() -> buffer.toTensor(6))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(used);
        assertThatThrownBy(() -> buffer.put(0, new float[1], 1)).hasMessage(used);
    }
}
