package io.miniai.learn;

/**
 * Marks a callback that keeps no tensor it reads from the learner beyond its own call.
 *
 * <p>The memory of predictions, loss and batch can then be reused for the next batch. To any other
 * callback the learner gives tensors that stay valid for as long as they are held, at the price of
 * fresh memory for each. A marked callback that keeps a tensor all the same gets an error at the next
 * use of it, never wrong numbers.
 */
public interface Borrows {}
