package org.tokend.daemon.transport;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The open connections, never more than allowed: when all are taken, one that is idle makes room. First those that never sent
 * a whole request, then the one that is idle for longest, so that a flood of connections pushes out itself.
 */
final class ConnectionTable {
    private final int max;
    private final int maxPerProgram;
    private final Set<Connection> open = new LinkedHashSet<>();

    ConnectionTable(int max, int maxPerProgram) {
        this.max = max;
        this.maxPerProgram = maxPerProgram;
    }

    /** @return why there is no room, or empty when the connection is in */
    synchronized Optional<String> admit(Connection connection) {
        long ofProgram =
                open.stream().filter(other -> sameProgram(other, connection)).count();
        if (ofProgram >= maxPerProgram && !evictIdle(connection)) {
            return Optional.of("the program has " + ofProgram + " connections, all in use");
        }
        if (open.size() >= max && !evictIdle(null)) {
            return Optional.of("all " + max + " connections are in use");
        }
        open.add(connection);
        return Optional.empty();
    }

    /** @param like only connections of this one's program, or null for any */
    private boolean evictIdle(@Nullable Connection like) {
        Optional<Connection> oldest = open.stream()
                .filter(Connection::isIdle)
                .filter(other -> like == null || sameProgram(other, like))
                .min(Comparator.comparing(Connection::hasBeenServed).thenComparingLong(Connection::idleSince));
        oldest.ifPresent(connection -> {
            open.remove(connection);
            connection.endInput();
        });
        return oldest.isPresent();
    }

    synchronized boolean evictOldestIdle() {
        return evictIdle(null);
    }

    synchronized void remove(Connection connection) {
        open.remove(connection);
    }

    synchronized int size() {
        return open.size();
    }

    /** Everybody is answered what has arrived, and then let go. */
    synchronized void endInput() {
        open.forEach(Connection::endInput);
    }

    synchronized void closeAll() {
        open.forEach(Connection::close);
    }

    private static boolean sameProgram(Connection a, Connection b) {
        return a.peer().uid() == b.peer().uid() && a.program().equals(b.program());
    }
}
