package io.miniai.tensor;

import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reverse-mode differentiation: every op leaves a node that knows its inputs and how to turn the gradient
 * of its output into gradients of its inputs; {@link #backward} walks the nodes from the newest to the oldest.
 */
final class Tape {
    private static final AtomicLong NEXT = new AtomicLong();
    private static final ThreadLocal<Boolean> DISABLED = ThreadLocal.withInitial(() -> false);

    /** From the gradient of an output to the gradients of the inputs, null where none is wanted. */
    interface Gradient {
        @Nullable
        Tensor[] of(Tensor dy);
    }

    /** One op that was executed. */
    static final class Node {
        private final long id = NEXT.getAndIncrement();
        private final String op;
        private Tensor[] inputs;
        private final int[] versions;
        private @Nullable Gradient gradient;
        private @Nullable Tensor dy;

        Node(String op, Gradient gradient, Tensor[] inputs) {
            this.op = op;
            this.gradient = gradient;
            this.inputs = inputs;
            this.versions = new int[inputs.length];
            for (int i = 0; i < inputs.length; i++) {
                versions[i] = inputs[i].version();
            }
        }

        private @Nullable Tensor[] gradients(Tensor upstream) {
            Gradient g = gradient;
            if (g == null) {
                throw new IllegalStateException(
                        "Expected one backward() for each forward; got a second one through " + op
                                + ", whose intermediate values are gone. Fix: compute the loss again, or add the losses and call backward()"
                                + " once.");
            }
            for (int i = 0; i < inputs.length; i++) {
                if (inputs[i].version() != versions[i]) {
                    throw new IllegalStateException("Expected the inputs of " + op + " " + inputs[i].shape()
                            + " to be unchanged between forward and backward; an optimizer has changed one in place, of this"
                            + " Learner or of another one that trains the same model. Fix: call"
                            + " backward() before step().");
                }
            }
            return g.of(upstream);
        }

        private void forget() {
            gradient = null;
            inputs = new Tensor[0];
        }
    }

    private Tape() {}

    static boolean enabled() {
        return !DISABLED.get();
    }

    static <T> T noGrad(Supplier<T> body) {
        return recording(false, body);
    }

    static <T> T recording(boolean on, Supplier<T> body) {
        boolean before = DISABLED.get();
        DISABLED.set(!on);
        try {
            return body.get();
        } finally {
            DISABLED.set(before);
        }
    }

    /** Whether an op on these inputs has to be recorded. */
    static boolean wants(Tensor... inputs) {
        if (enabled()) {
            for (Tensor t : inputs) {
                if (t.requiresGrad()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Records {@code out} as the result of an op on {@code inputs}, when anything there wants a gradient. */
    static Tensor record(String op, Tensor out, Gradient gradient, Tensor... inputs) {
        if (wants(inputs)) {
            out.node = new Node(op, gradient, inputs);
        }
        return out;
    }

    static void backward(Tensor root, Tensor upstream) {
        noGrad(() -> {
            walk(root, upstream);
            return true;
        });
    }

    private static void walk(Tensor root, Tensor upstream) {
        PriorityQueue<Node> open = new PriorityQueue<>((a, b) -> Long.compare(b.id, a.id));
        try {
            walk(root, upstream, open);
        } finally {
            open.forEach(node -> node.dy = null); // what an exception left: the next backward must not find it
        }
    }

    private static void walk(Tensor root, Tensor upstream, PriorityQueue<Node> open) {
        send(root, upstream, open);
        for (Node node = open.poll(); node != null; node = open.poll()) {
            Tensor dy = node.dy;
            node.dy = null;
            if (dy == null) {
                continue;
            }
            @Nullable Tensor[] grads = node.gradients(dy);
            for (int i = 0; i < grads.length; i++) {
                Tensor g = grads[i];
                if (g != null && node.inputs[i].requiresGrad()) {
                    send(node.inputs[i], g, open);
                }
            }
            node.forget();
        }
    }

    private static void send(Tensor t, Tensor gradient, PriorityQueue<Node> open) {
        Tensor dy = gradient.toDType(t.dtype()); // another one where an op has promoted t
        Node node = t.node;
        if (node == null) {
            t.accumulate(dy);
        } else if (node.dy == null) {
            node.dy = dy;
            open.add(node);
        } else {
            node.dy = node.dy.add(dy);
        }
    }
}
