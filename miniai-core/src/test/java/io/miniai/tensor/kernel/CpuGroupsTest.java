package io.miniai.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CpuGroupsTest {
    private static Geometry window(int channels, int pixels, int stride, int dilation) {
        return Windows.of(
                new int[] {2, channels, pixels, pixels}, 3, 3, stride, stride, dilation, dilation, dilation, dilation);
    }

    @Test
    void narrow_convolutions_compute_several_positions_at_once() {
        assertThat(CpuGroups.size(window(1, 28, 2, 1), 4)).isEqualTo(7);
        assertThat(CpuGroups.size(window(1, 32, 2, 1), 2)).isEqualTo(8);
        assertThat(CpuGroups.size(window(1, 28, 1, 1), 16)).isGreaterThan(1);
    }

    @Test
    void wide_and_dilated_ones_do_not() {
        assertThat(CpuGroups.size(window(16, 14, 2, 1), 32)).isEqualTo(1);
        assertThat(CpuGroups.size(window(64, 8, 1, 1), 128)).isEqualTo(1);
        assertThat(CpuGroups.size(window(1, 28, 2, 2), 4)).isEqualTo(1);
    }

    @Test
    void the_widened_window_has_an_output_for_every_group() {
        Geometry wide = CpuGroups.widened(window(1, 28, 2, 1), 7);

        assertThat(wide.outW()).isEqualTo(2);
        assertThat(wide.outH()).isEqualTo(14);
        assertThat(wide.kernelW()).isEqualTo(15);
        assertThat(wide.strideW()).isEqualTo(14);
    }
}
