package dev.olla.testbed;

import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// The parallel slots and the memory of a simulated server: requests start strictly first come first served,
/// once a slot is free and their model is resident or can push out an idle one.
///
/// Safe for any thread; a start is reported on the executor of its request.
final class Slots {

    private final int parallel;
    private final int residentModels;
    private final long loadNanos;
    private final ArrayDeque<Ticket> queue = new ArrayDeque<>();
    private final LinkedHashMap<String, Resident> residents = new LinkedHashMap<>(16, 0.75f, true);
    private int running;
    private long loads;

    /// `parallel` and `residentModels` of 0 mean without limit.
    Slots(int parallel, int residentModels, long loadNanos) {
        this.parallel = parallel;
        this.residentModels = residentModels;
        this.loadNanos = loadNanos;
    }

    /// True when models have to be loaded before they answer, false when all are always resident.
    boolean loadsModels() {
        return residentModels > 0 || loadNanos > 0;
    }

    /// 0 means without limit.
    int parallel() {
        return parallel;
    }

    boolean unlimited() {
        return parallel == 0 && !loadsModels();
    }

    /// Queues a request; `start` is called with the nanoseconds that loading still takes.
    synchronized Ticket enter(String model, EventExecutor executor, LongConsumer start) {
        Ticket ticket = new Ticket(model, executor, start);
        queue.add(ticket);
        startThoseReady();
        return ticket;
    }

    /// Gives a place back, or leaves the queue; a second call does nothing.
    synchronized void leave(Ticket ticket) {
        if (ticket.left) {
            return;
        }
        ticket.left = true;
        if (ticket.resident == null) {
            queue.remove(ticket);
        } else {
            running--;
            ticket.resident.busy--;
        }
        startThoseReady();
    }

    synchronized boolean isResident(String model) {
        return !loadsModels() || residents.containsKey(model);
    }

    synchronized List<String> residents() {
        return new ArrayList<>(residents.keySet());
    }

    synchronized int waiting() {
        return queue.size();
    }

    synchronized long loads() {
        return loads;
    }

    synchronized void unload(String model) {
        residents.remove(model);
        startThoseReady();
    }

    synchronized void keepOnly(Collection<String> models) {
        residents.keySet().retainAll(models);
        startThoseReady();
    }

    private void startThoseReady() {
        while (!queue.isEmpty() && canStart(queue.peek())) {
            start(queue.remove());
        }
    }

    private boolean canStart(Ticket ticket) {
        if (parallel > 0 && running >= parallel) {
            return false;
        }
        return !loadsModels()
                || residentModels == 0
                || residents.containsKey(ticket.model)
                || residents.size() < residentModels
                || residents.values().stream().anyMatch(resident -> resident.busy == 0);
    }

    private void start(Ticket ticket) {
        Resident resident = residentFor(ticket.model);
        ticket.resident = resident;
        resident.busy++;
        running++;
        long wait = Math.max(0, resident.readyAt - System.nanoTime());
        ticket.executor.execute(() -> ticket.start.accept(wait));
    }

    private Resident residentFor(String model) {
        Resident present = residents.get(model);
        if (present != null) {
            return present;
        }
        makeRoom();
        if (loadsModels()) {
            loads++;
        }
        Resident loading = new Resident(System.nanoTime() + loadNanos);
        residents.put(model, loading);
        return loading;
    }

    private void makeRoom() {
        Iterator<Map.Entry<String, Resident>> oldestFirst = residents.entrySet().iterator();
        while (residentModels > 0 && residents.size() >= residentModels && oldestFirst.hasNext()) {
            if (oldestFirst.next().getValue().busy == 0) {
                oldestFirst.remove();
            }
        }
    }

    /// A request's place in the queue and later in a slot.
    static final class Ticket {

        private final String model;
        private final EventExecutor executor;
        private final LongConsumer start;
        private @Nullable Resident resident;
        private boolean left;

        private Ticket(String model, EventExecutor executor, LongConsumer start) {
            this.model = model;
            this.executor = executor;
            this.start = start;
        }
    }

    /// A model in memory, or on its way there until `readyAt`.
    private static final class Resident {

        private final long readyAt;
        private int busy;

        private Resident(long readyAt) {
            this.readyAt = readyAt;
        }
    }
}
