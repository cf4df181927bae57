package io.miniai.benchmarks.protocol;

/** A library that can do tasks. */
@FunctionalInterface
public interface Contestant {
    /**
     * Builds the model, with {@link Task#parameter the given start}, and the batch.
     *
     * @throws IllegalArgumentException when the library, or this program for it, cannot do the task
     */
    Session prepare(Task task);

    /** A model with its batch, ready to be trained. */
    interface Session extends AutoCloseable {
        /** How many numbers the model's parameters hold. */
        long parameterCount();

        /** Forward, loss, backward, optimizer; for {@link Model#IMAGE} a forward pass without gradients. This is timed. */
        void step();

        /** A step and the loss it began with; for {@link Model#IMAGE} the sum of the outputs. Not timed. */
        double stepWithLoss();

        @Override
        void close();
    }
}
