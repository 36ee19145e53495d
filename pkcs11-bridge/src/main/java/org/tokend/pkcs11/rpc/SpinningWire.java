package org.tokend.pkcs11.rpc;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * Looks for a reply again and again for a moment before it sleeps: to be put to sleep and woken costs up to 30 µs, half of a P-256
 * signature. Only where nobody else has lately waited for the same host, so that the processor has nothing else of ours to do, and only
 * while replies usually come that soon; tokens that take longer, and a machine that is busy, are waited for asleep.
 */
public final class SpinningWire implements Wire {
    private static final long LONGEST_NANOS = 300_000;

    private final Wire wire;
    private final HostTraffic traffic;
    private final boolean maySpin;

    /** Waits for an event, which is not a reply that anybody computes. */
    private boolean forEver;

    /** A moving average of how long a reply takes. */
    private long usualNanos;

    /** @param traffic shared by all wires to the same host */
    public SpinningWire(Wire wire, HostTraffic traffic) {
        this(wire, traffic, Runtime.getRuntime().availableProcessors());
    }

    SpinningWire(Wire wire, HostTraffic traffic, int processors) {
        this.wire = wire;
        this.traffic = traffic;
        this.maySpin = processors > 1;
    }

    @Override
    public long read(MemorySegment into) throws IOException {
        if (forEver) {
            return wire.read(into);
        }
        traffic.enter();
        try {
            long begin = System.nanoTime();
            long count = usualNanos < LONGEST_NANOS ? spin(into, begin) : 0;
            if (count <= 0) {
                count = wire.read(into);
            }
            usualNanos += (System.nanoTime() - begin - usualNanos) / 8;
            return count;
        } finally {
            traffic.leave();
        }
    }

    private long spin(MemorySegment into, long begin) throws IOException {
        while (maySpin && traffic.isQuiet() && System.nanoTime() - begin < LONGEST_NANOS) {
            long count = wire.readNow(into);
            if (count > 0) {
                return count;
            }
            Thread.onSpinWait();
        }
        return 0;
    }

    @Override
    public long readNow(MemorySegment into) throws IOException {
        return wire.readNow(into);
    }

    @Override
    public void write(MemorySegment from) throws IOException {
        wire.write(from);
    }

    @Override
    public void timeout(long millis) throws IOException {
        forEver = millis == 0;
        wire.timeout(millis);
    }

    @Override
    public boolean writable() {
        return wire.writable();
    }

    @Override
    public void close() {
        wire.close();
    }
}
