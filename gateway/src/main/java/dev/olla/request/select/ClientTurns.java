package dev.olla.request.select;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The requests that wait for one model: first come first served within a client, turn by turn between clients.
///
/// A client that was served goes to the end of the line, however many requests it has there. Not safe for several
/// threads.
final class ClientTurns {

    /// In the order of their turns.
    private final Map<String, Deque<Ticket>> clients = new LinkedHashMap<>();

    private int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    void add(Ticket ticket) {
        clients.computeIfAbsent(ticket.demand().client(), _ -> new ArrayDeque<>())
                .add(ticket);
        size++;
    }

    /// The first in turn that passes the test; null when none does.
    @Nullable
    Ticket first(Predicate<Ticket> test) {
        for (Deque<Ticket> own : clients.values()) {
            for (Ticket ticket : own) {
                if (test.test(ticket)) {
                    return ticket;
                }
            }
        }
        return null;
    }

    /// It has its place: its client has had its turn.
    void served(Ticket ticket) {
        remove(ticket);
        Deque<Ticket> rest = clients.remove(ticket.demand().client());
        if (rest != null) {
            clients.put(ticket.demand().client(), rest);
        }
    }

    /// It waits no longer.
    ///
    /// @return false when it didn't wait
    boolean remove(Ticket ticket) {
        Deque<Ticket> own = clients.get(ticket.demand().client());
        if (own == null || !own.remove(ticket)) {
            return false;
        }
        if (own.isEmpty()) {
            clients.remove(ticket.demand().client());
        }
        size--;
        return true;
    }

    /// All of them, client by client.
    List<Ticket> all() {
        List<Ticket> all = new ArrayList<>(size);
        clients.values().forEach(all::addAll);
        return all;
    }
}
