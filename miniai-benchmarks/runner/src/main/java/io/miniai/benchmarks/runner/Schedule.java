package io.miniai.benchmarks.runner;

import io.miniai.benchmarks.protocol.Model;
import io.miniai.benchmarks.protocol.Task;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Which task is done by whom. */
final class Schedule {
    private Schedule() {}

    /** All tasks in order, each with its contestants; miniai takes part in every one. */
    static Map<Task, Set<Peer>> all() {
        Map<Task, Set<Peer>> tasks = new LinkedHashMap<>();
        add(tasks, Model.CNN, 64, Peer.LIBTORCH, Peer.DJL, Peer.DL4J, Peer.PORTABLE);
        add(tasks, Model.CNN, 256, Peer.LIBTORCH, Peer.DJL, Peer.DL4J, Peer.PORTABLE);
        add(tasks, Model.CNN, 1024, Peer.LIBTORCH, Peer.DJL);
        add(tasks, Model.WIDE, 64, Peer.LIBTORCH);
        add(tasks, Model.WIDE, 256, Peer.LIBTORCH);
        add(tasks, Model.WIDE, 1024, Peer.LIBTORCH);
        add(tasks, Model.AUTOENCODER, 64, Peer.LIBTORCH, Peer.DJL);
        add(tasks, Model.AUTOENCODER, 256, Peer.LIBTORCH, Peer.DJL);
        add(tasks, Model.MLP, 64, Peer.LIBTORCH);
        add(tasks, Model.MLP, 1024, Peer.LIBTORCH);
        add(tasks, Model.POOL28, 128, Peer.LIBTORCH);
        add(tasks, Model.POOL64, 128, Peer.LIBTORCH);
        add(tasks, Model.IMAGE, 1, Peer.LIBTORCH);
        return tasks;
    }

    private static void add(Map<Task, Set<Peer>> tasks, Model model, int batch, Peer... peers) {
        Set<Peer> all = EnumSet.of(Peer.MINIAI);
        all.addAll(Set.of(peers));
        tasks.put(new Task(model, batch), all);
    }
}
