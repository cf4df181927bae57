package io.miniai.data;

import io.miniai.tensor.Rng;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * Samples by number. Safe for reading by several threads at once.
 *
 * @param <T> a sample
 */
public interface Dataset<T> {
    /** The number of samples. */
    int size();

    /**
     * Makes the sample of this number; whatever that takes, such as decoding a file, happens now.
     *
     * @throws IndexOutOfBoundsException if the number is not in 0 … size − 1
     * @throws io.miniai.data.fault.DataException if the sample cannot be read
     */
    T get(int index);

    /** The same samples seen through a function, which is applied at every {@link #get}, not now. */
    default <R> Dataset<R> map(Function<? super T, ? extends R> transform) {
        Objects.requireNonNull(transform, "transform");
        Dataset<T> source = this;
        return new Dataset<>() {
            @Override
            public int size() {
                return source.size();
            }

            @Override
            public R get(int index) {
                return transform.apply(source.get(index));
            }
        };
    }

    /** The samples of these numbers, in this order. */
    default Dataset<T> select(int... indices) {
        int[] chosen = Selection.checked(indices, size());
        Dataset<T> source = this;
        return new Dataset<>() {
            @Override
            public int size() {
                return chosen.length;
            }

            @Override
            public T get(int index) {
                return source.get(chosen[index]);
            }
        };
    }

    /** All samples in an order that only the seed decides: before samples that are sorted by class are split. */
    default Dataset<T> shuffled(long seed) {
        return select(Rng.of(seed).permutation(size()));
    }

    /** The samples from one number up to, but not including, another. */
    default Dataset<T> subset(int from, int to) {
        return select(Selection.range(from, to, size()));
    }

    /**
     * Cuts the dataset into parts of these sizes, one after the other; {@link #shuffled} first gives each some of all.
     *
     * @throws IllegalArgumentException if the sizes do not add up to the size of this dataset
     */
    default List<? extends Dataset<T>> split(int... sizes) {
        Selection.checkSizes(sizes, size());
        List<Dataset<T>> parts = new ArrayList<>();
        int from = 0;
        for (int size : sizes) {
            parts.add(subset(from, from + size));
            from += size;
        }
        return parts;
    }

    /** The items of a list. */
    static <T> Dataset<T> of(List<? extends T> items) {
        List<T> copy = List.copyOf(items);
        return new Dataset<>() {
            @Override
            public int size() {
                return copy.size();
            }

            @Override
            public T get(int index) {
                return copy.get(index);
            }
        };
    }
}
