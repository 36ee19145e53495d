package org.tokend.pkcs11.rpc;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.tokend.pkcs11.linux.BriefWatch;

/**
 * Watches for a reply for a moment before it sleeps, where nobody else has lately waited for the same host, so that the processor
 * has nothing else of ours to do.
 */
public final class SpinningWire implements Wire {
    /** A signature of RSA-2048 in software is made in this time; what takes longer does not gain from it. */
    private static final long LONGEST_NANOS = 1_000_000;

    private final Wire wire;
    private final HostTraffic traffic;
    private final BriefWatch watch;

    /** Waits for an event, which is not a reply that anybody computes. */
    private boolean forEver;

    /** @param traffic shared by all wires to the same host */
    public SpinningWire(Wire wire, HostTraffic traffic) {
        this(wire, traffic, Runtime.getRuntime().availableProcessors());
    }

    SpinningWire(Wire wire, HostTraffic traffic, int processors) {
        this.wire = wire;
        this.traffic = traffic;
        this.watch = new BriefWatch(LONGEST_NANOS, processors);
    }

    @Override
    public long read(MemorySegment into) throws IOException {
        if (forEver) {
            return wire.read(into);
        }
        traffic.enter();
        try {
            return watch.await(traffic::isQuiet, () -> wire.readNow(into), () -> wire.read(into));
        } finally {
            traffic.leave();
        }
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
