package org.tokend.daemon.transport;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.linux.Descriptor;

/**
 * The open connections, never more than allowed: when all are taken, one that is idle makes room. First those that never sent
 * a whole request, then the one that is idle for longest, so that a flood of connections pushes out itself.
 */
final class ConnectionTable {
    /** So many that were let go are waited for, however few may be open. */
    private static final int LEAST_PARTED = 64;

    private final int max;
    private final int maxPerProgram;
    private final Parting parting;
    private final Set<Connection> open = new LinkedHashSet<>();

    /** Let go, and not closed by their peers yet. */
    private final LinkedHashSet<Connection> parted = new LinkedHashSet<>();

    ConnectionTable(int max, int maxPerProgram, Parting parting) {
        this.max = max;
        this.maxPerProgram = maxPerProgram;
        this.parting = parting;
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
            part(connection);
        });
        return oldest.isPresent();
    }

    private void part(Connection connection) {
        connection.part(parting);
        if (parting == Parting.WAIT_FOR_PEER && parted.add(connection) && parted.size() > Math.max(max, LEAST_PARTED)) {
            // Peers that open connections and keep them when they have been let go.
            parted.removeFirst().close();
        }
    }

    synchronized boolean evictOldestIdle() {
        return evictIdle(null);
    }

    synchronized void remove(Connection connection) {
        open.remove(connection);
        parted.remove(connection);
    }

    synchronized int size() {
        return open.size();
    }

    synchronized boolean allIdle() {
        return open.stream().allMatch(Connection::isIdle);
    }

    /** Everybody is let go. */
    synchronized void partAll() {
        open.forEach(connection -> connection.part(parting));
    }

    /** Second descriptors of all connections that their peers have not closed. */
    synchronized List<Descriptor> duplicates() {
        return Stream.concat(open.stream(), parted.stream())
                .flatMap(connection -> connection.duplicate().stream())
                .toList();
    }

    synchronized void closeAll() {
        open.forEach(Connection::close);
        parted.forEach(Connection::close);
    }

    private static boolean sameProgram(Connection a, Connection b) {
        return a.peer().uid() == b.peer().uid() && a.program().equals(b.program());
    }
}
