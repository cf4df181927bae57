package io.miniai.tensor.kernel;

/**
 * In what order the values of images {@code [n, c, h, w]} lie in memory; other arrays are always row-major. What users
 * see never depends on it.
 */
public enum Order {
    /** As the sizes are read: {@code [n, c, h, w]}; quick where one image meets a large weight. */
    ROW_MAJOR(0, 1, 2, 3),

    /** {@code [n, h, w, c]}: the pixels under a kernel's row are one piece, which is quick where there are many channels. */
    CHANNELS_LAST(0, 2, 3, 1),

    /** {@code [h, w, c, n]}: one pixel of all images is one matrix, which is quick where there are many images. */
    BATCH_LAST(2, 3, 1, 0);

    @SuppressWarnings("ImmutableEnumChecker") // an array that is never written
    private final int[] dims;

    Order(int... dims) {
        this.dims = dims;
    }

    /** Where in the order of memory a dimension stands: 0 is the outermost. */
    public int axis(int dim) {
        if (this == ROW_MAJOR) {
            return dim; // of arrays of any rank
        }
        int axis = 0;
        while (dims[axis] != dim) {
            axis++;
        }
        return axis;
    }

    /** The sizes in the order of memory, the outermost first. */
    int[] sizes(int[] shape) {
        if (this == ROW_MAJOR) {
            return shape;
        }
        int[] sizes = new int[dims.length];
        for (int i = 0; i < dims.length; i++) {
            sizes[i] = shape[dims[i]];
        }
        return sizes;
    }

    /** The sizes {@code [n, c, h, w]} of images with these sizes in memory. */
    int[] shape(int[] sizes) {
        if (this == ROW_MAJOR) {
            return sizes;
        }
        int[] shape = new int[dims.length];
        for (int i = 0; i < dims.length; i++) {
            shape[dims[i]] = sizes[i];
        }
        return shape;
    }

    /** How far apart neighbours are in memory, for every dimension of an array of these sizes. */
    long[] strides(int[] shape) {
        long[] strides = new long[shape.length];
        long stride = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            int dim = this == ROW_MAJOR ? i : dims[i];
            strides[dim] = stride;
            stride *= shape[dim];
        }
        return strides;
    }

    /** Whether images of these sizes lie in memory alike in both orders, as those of one channel in the first two. */
    boolean agrees(Order other, int[] shape) {
        int i = 0;
        for (int dim : dims) {
            if (shape[dim] > 1) {
                while (shape[other.dims[i]] == 1) {
                    i++;
                }
                if (other.dims[i++] != dim) {
                    return false;
                }
            }
        }
        return true;
    }
}
