package org.tokend.pkcs11.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;

/** Waits until there is something to be read from one of a few open files, or the end (poll(2)). For one thread at a time. */
final class Poll {
    static final int FOR_EVER = -1;

    private static final short IN = 0x1;
    private static final short ERROR = 0x8;
    private static final short HANGUP = 0x10;
    private static final int EINTR = 4;

    private static final ValueLayout.OfInt NUMBER = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfShort EVENTS = ValueLayout.JAVA_SHORT;
    private static final StructLayout ENTRY =
            MemoryLayout.structLayout(NUMBER.withName("fd"), EVENTS.withName("events"), EVENTS.withName("revents"));
    private static final long TOLD = ENTRY.byteSize() - EVENTS.byteSize();
    private static final NativeFunction POLL = NativeFunction.ofLibc("poll");

    private final MemorySegment state;
    private final MemorySegment entries;
    private final int count;

    /** @param numbers of the files; a negative one is passed over */
    Poll(Arena arena, int... numbers) {
        state = NativeFunction.state(arena);
        entries = arena.allocate(ENTRY, numbers.length);
        count = numbers.length;
        for (int i = 0; i < count; i++) {
            entries.set(NUMBER, i * ENTRY.byteSize(), numbers[i]);
            entries.set(EVENTS, i * ENTRY.byteSize() + NUMBER.byteSize(), IN);
        }
    }

    /**
     * @param millis {@link #FOR_EVER}, or at most so long; a signal begins it anew
     * @return how many have something; 0 when none had in time; less when the kernel refuses
     */
    int await(long millis) {
        int ready;
        do {
            ready = POLL.callInt(state, entries.address(), count, Math.min(millis, Integer.MAX_VALUE));
        } while (ready < 0 && errno() == EINTR);
        Reference.reachabilityFence(entries);
        return ready;
    }

    /** Whether a wait would end at once, were it because the kernel refuses it. */
    boolean isOver() {
        boolean over = POLL.look(entries.address(), count, 0, 0) != 0;
        Reference.reachabilityFence(entries);
        return over;
    }

    /** Of a wait that the kernel refused. */
    int errno() {
        return NativeFunction.errno(state);
    }

    /** Whether the last wait told of an error of the first file, or that nobody holds its other end. */
    boolean toldOfHangup() {
        return (entries.get(EVENTS, TOLD) & (ERROR | HANGUP)) != 0;
    }
}
