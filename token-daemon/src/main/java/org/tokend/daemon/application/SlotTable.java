package org.tokend.daemon.application;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.tokend.daemon.token.SlotSink;
import org.tokend.pkcs11.TokenState;
import org.tokend.pkcs11.application.ApplicationSlot;
import org.tokend.pkcs11.token.ReaderSlot;
import org.tokend.pkcs11.token.Token;

/**
 * The slots of all modules under ids of our own. A row is a place that tokens come to and go from: it is never taken away and
 * never becomes another, because applications keep the ids that they once saw. Thread-safe.
 */
public final class SlotTable implements SlotSink, AutoCloseable {
    private volatile List<Row> rows = List.of();
    private volatile long changes;
    private boolean closed;

    /**
     * @param generation of the module when it was seen last
     * @param shown whether the module showed it then
     * @param occupied whether there was a token in it then
     */
    private record Row(long id, ReaderSlot reader, long generation, boolean shown, boolean occupied) {
        static Row of(long id, ReaderSlot reader, long generation) {
            return new Row(id, reader, generation, true, reader.blank() || isThere(reader.token()));
        }

        Row notShown() {
            return new Row(id, reader, generation, false, false);
        }

        /** A token that is known to be gone is gone before the next look. */
        ApplicationSlot slot() {
            return new ApplicationSlot(id, reader, occupied && (reader.blank() || isThere(reader.token())));
        }

        /** Whether who waits for a slot event would call it the same. */
        boolean looksLike(Row other) {
            return occupied == other.occupied
                    && reader.blank() == other.reader.blank()
                    && reader.token() == other.reader.token();
        }
    }

    /** In order of first sight. Never blocks. */
    List<ApplicationSlot> slots() {
        return rows.stream().map(Row::slot).toList();
    }

    long changes() {
        return changes;
    }

    /** Returns when {@link #changes()} is not {@code seen}, when {@code gone} says so after a {@link #wake}, or at the end. */
    synchronized void await(long seen, BooleanSupplier gone) throws InterruptedException {
        while (changes == seen && !closed && !gone.getAsBoolean()) {
            wait();
        }
    }

    /** Lets all who wait look again whether they still have to. */
    synchronized void wake() {
        notifyAll();
    }

    @Override
    public synchronized void seen(String module, long generation, List<ReaderSlot> slots) {
        Matching matching = new Matching(module, slots);
        // While a module runs, its ids mean its slots; afterwards tokens and readers tell more than ids.
        matching.pair((row, slot) -> row.generation == generation && row.reader.slot() == slot.slot());
        matching.pair((row, slot) -> slot.token() != null && row.reader.token() == slot.token());
        matching.pair((row, slot) -> row.reader.slot() == slot.slot() && sameReader(row, slot));
        matching.pair(SlotTable::sameReader);
        matching.pair((row, slot) -> row.generation != generation && row.reader.slot() == slot.slot());
        List<Row> updated = matching.result(generation);
        if (differs(updated)) {
            rows = updated;
            changes++;
            notifyAll();
        } else {
            rows = updated;
        }
    }

    private boolean differs(List<Row> updated) {
        boolean same = updated.size() == rows.size();
        for (int i = 0; same && i < updated.size(); i++) {
            same = updated.get(i).looksLike(rows.get(i));
        }
        return !same;
    }

    /** Which row is which slot of one module; each pairing leaves fewer to the next. */
    private final class Matching {
        private final List<Row> updated = new ArrayList<>(rows);
        private final List<Row> freeRows = new ArrayList<>();
        private final List<ReaderSlot> freeSlots;
        private final Map<Row, ReaderSlot> pairs = new IdentityHashMap<>();

        Matching(String module, List<ReaderSlot> slots) {
            freeSlots = new ArrayList<>(slots);
            rows.stream().filter(row -> row.reader.module().equals(module)).forEach(freeRows::add);
        }

        void pair(BiPredicate<Row, ReaderSlot> same) {
            for (ReaderSlot slot : List.copyOf(freeSlots)) {
                freeRows.stream()
                        .filter(row -> same.test(row, slot))
                        .findFirst()
                        .ifPresent(row -> {
                            pairs.put(row, slot);
                            freeRows.remove(row);
                            freeSlots.remove(slot);
                        });
            }
        }

        List<Row> result(long generation) {
            updated.replaceAll(row -> {
                ReaderSlot slot = pairs.get(row);
                return slot != null ? Row.of(row.id, slot, generation) : freeRows.contains(row) ? row.notShown() : row;
            });
            for (ReaderSlot slot : freeSlots) {
                updated.add(Row.of(updated.size() + 1L, slot, generation));
            }
            return List.copyOf(updated);
        }
    }

    private static boolean sameReader(Row row, ReaderSlot slot) {
        return row.reader.info().description().equals(slot.info().description());
    }

    private static boolean isThere(@Nullable Token token) {
        return token != null
                && switch (token.state()) {
                    case TokenState.Absent absent -> false;
                    case TokenState.Failed failed -> false;
                    case TokenState.LoggedOut loggedOut -> true;
                    case TokenState.LoggedIn loggedIn -> true;
                    case TokenState.NoLoginNeeded open -> true;
                };
    }

    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
    }
}
