package io.miniai.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.miniai.data.image.ImageFormat;
import io.miniai.learn.Batch;
import io.miniai.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DatasetTest {
    private final Dataset<String> letters = Dataset.of(List.of("a", "b", "c", "d", "e"));
    private final ImageDataset images = ImageDataset.of(
            new ImageFormat(1, 1, 2),
            new byte[] {0, 1, 2, 3, 4, 5, 6, (byte) 255},
            new int[] {0, 1, 0, 1},
            List.of("x", "y"));

    private static <T> List<T> all(Dataset<T> dataset) {
        List<T> items = new ArrayList<>();
        for (int i = 0; i < dataset.size(); i++) {
            items.add(dataset.get(i));
        }
        return items;
    }

    @Test
    void applies_a_transform_at_every_access_and_not_before() {
        List<String> seen = new ArrayList<>();
        Dataset<String> upper = letters.map(letter -> {
            seen.add(letter);
            return letter.toUpperCase(java.util.Locale.ROOT);
        });
        assertThat(seen).isEmpty();
        assertThat(upper.get(1) + upper.get(1)).isEqualTo("BB");
        assertThat(seen).containsExactly("b", "b");
    }

    @Test
    void selects_samples_by_number_and_by_range() {
        assertThat(all(letters.select(4, 0, 0))).containsExactly("e", "a", "a");
        assertThat(all(letters.subset(1, 3))).containsExactly("b", "c");
        assertThat(all(letters.subset(1, 5).subset(2, 4).map(s -> s + s))).containsExactly("dd", "ee");
    }

    @Test
    void splits_into_parts_that_add_up() {
        assertThat(letters.split(2, 0, 3).stream().map(DatasetTest::all).toList())
                .containsExactly(List.of("a", "b"), List.of(), List.of("c", "d", "e"));
        assertThatThrownBy(() -> letters.split(2, 2))
                .hasMessage("split: expected sizes that add up to 5, got [2, 2] = 4."
                        + " Use subset(from, to) to leave samples out.");
        assertThatThrownBy(() -> letters.split(6, -1)).hasMessage("split: expected sizes of at least 0, got -1");
    }

    @Test
    void refuses_samples_that_are_not_there() {
        assertThatThrownBy(() -> letters.select(5)).hasMessage("sample: expected 0 to 4, got 5");
        assertThatThrownBy(() -> images.get(-1)).hasMessage("sample: expected 0 to 3, got -1");
        assertThatThrownBy(() -> letters.subset(3, 6))
                .hasMessage("subset: expected 0 ≤ from ≤ to ≤ 5, got from 3 to 6");
        assertThatThrownBy(() -> letters.subset(3, 2)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void shows_an_image_as_floats() {
        Sample sample = images.get(3);
        assertThat(sample.label()).isEqualTo(1);
        assertThat(sample.pixel(0, 0, 1)).isEqualTo(255);
        assertThatThrownBy(() -> sample.pixel(0, 0, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(sample.image().shape()).isEqualTo(Shape.of(1, 1, 2));
        assertThat(sample.image().toFloatArray()).containsExactly(6 / 255f, 1);
    }

    @Test
    void makes_a_batch_of_a_range() {
        Batch batch = images.select(3, 2, 1).batch(1, 3);
        assertThat(batch.x().shape()).isEqualTo(Shape.of(2, 1, 1, 2));
        assertThat(batch.x().toFloatArray()).containsExactly(4 / 255f, 5 / 255f, 2 / 255f, 3 / 255f);
        assertThat(batch.y().toLongArray()).containsExactly(0, 1);
    }

    @Test
    void keeps_names_labels_and_classes_of_selected_images() {
        ImageDataset selected = images.select(2, 1);
        assertThat(selected.name(0)).isEqualTo("image 2");
        assertThat(selected.label(1)).isEqualTo(1);
        assertThat(selected.classNames()).containsExactly("x", "y");
        assertThat(selected.split(1, 1).get(1).get(0).pixels()).containsExactly(2, 3);
    }

    @Test
    void splits_the_training_part_and_keeps_the_test_part() {
        DatasetDict dict = new DatasetDict(images, null, images.subset(0, 1)).split(3, 1);
        assertThat(dict).hasToString("train 3, valid 1, test 1 images of 1×2 grey, 2 classes");
        assertThat(dict.valid().get(0).pixels()).containsExactly(6, -1);
    }

    @Test
    void splits_images_that_are_sorted_by_class_at_random() {
        ImageDataset sorted = ImageDataset.of(
                new ImageFormat(1, 1, 1),
                new byte[1_000],
                IntStream.range(0, 1_000).map(i -> i / 500).toArray(),
                List.of("x", "y"));
        DatasetDict dict = new DatasetDict(sorted, null, null).split(800, 200, 1);
        assertThat(IntStream.range(0, 200).map(dict.valid()::label).sum()).isBetween(70, 130);
        assertThat(IntStream.range(0, 800).map(dict.train()::label).sum()
                        + IntStream.range(0, 200).map(dict.valid()::label).sum())
                .isEqualTo(500);
    }

    @Test
    void shuffles_the_same_way_for_the_same_seed() {
        assertThat(all(letters.shuffled(1))).isEqualTo(all(letters.shuffled(1))).isNotEqualTo(all(letters));
        assertThat(all(letters.shuffled(1))).containsExactlyInAnyOrderElementsOf(all(letters));
        assertThat(all(letters.shuffled(2))).isNotEqualTo(all(letters.shuffled(1)));
    }

    @Test
    void says_that_there_is_nothing_to_test_on() {
        DatasetDict dict = new DatasetDict(images, null, null);
        assertThat(dict.hasValid()).isFalse();
        assertThatThrownBy(dict::valid)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the dataset has no test images. Add a folder 'test', or use split(train, valid).");
    }

    @Test
    void refuses_parts_that_do_not_fit() {
        ImageDataset small = ImageDataset.of(new ImageFormat(1, 1, 1), new byte[1], new int[1], List.of("x", "y"));
        ImageDataset other = ImageDataset.of(new ImageFormat(1, 1, 2), new byte[2], new int[1], List.of("z"));
        assertThatThrownBy(() -> new DatasetDict(images, small, null))
                .hasMessage("valid: expected images of 1×2 grey like those to train on, got 1×1 grey");
        assertThatThrownBy(() -> new DatasetDict(images, null, other))
                .hasMessage("test: expected the classes [x, y] like those to train on, got [z]");
    }

    @Test
    void refuses_images_in_memory_that_do_not_add_up() {
        assertThatThrownBy(() -> ImageDataset.of(new ImageFormat(1, 1, 2), new byte[3], new int[2], List.of("x")))
                .hasMessage("pixels: expected 2 images of 2 bytes for as many labels, got 3 bytes");
        assertThatThrownBy(() -> ImageDataset.of(new ImageFormat(1, 1, 1), new byte[1], new int[] {1}, List.of("x")))
                .hasMessage("label: expected 0 to 0, got 1. Name every class.");
        assertThatThrownBy(() -> new Sample(new ImageFormat(1, 2, 2), new byte[3], 0))
                .hasMessage("pixels: expected 4 bytes for 2×2 grey, got 3");
        assertThatThrownBy(() -> new Sample(new ImageFormat(1, 1, 1), new byte[1], -1))
                .hasMessage("label: expected at least 0, got -1");
        assertThatThrownBy(() -> new ImageFormat(2, 1, 1)).hasMessageContaining("channels: expected 1 (grey) or 3");
        assertThatThrownBy(() -> new ImageFormat(3, 30_000, 30_000)).hasMessageContaining("image size: expected");
    }
}
