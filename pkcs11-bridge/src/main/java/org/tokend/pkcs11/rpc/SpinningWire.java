package org.tokend.pkcs11.rpc;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.tokend.pkcs11.linux.BriefWatch;

/** Watches for a moment for what comes next before it sleeps, where the processor has nothing else of ours to do. */
public final class SpinningWire implements Wire {
    private final Wire wire;
    private final HostTraffic traffic;
    private final BriefWatch watch;

    /** Waits for an event, which is not a reply that anybody computes. */
    private boolean forEver;

    /** @param longestNanos of one watch; what usually takes longer is waited for asleep */
    public SpinningWire(Wire wire, HostTraffic traffic, long longestNanos) {
        this(wire, traffic, new BriefWatch(longestNanos));
    }

    SpinningWire(Wire wire, HostTraffic traffic, BriefWatch watch) {
        this.wire = wire;
        this.traffic = traffic;
        this.watch = watch;
    }

    @Override
    public long read(MemorySegment into) throws IOException {
        if (forEver) {
            return wire.read(into);
        }
        traffic.enter();
        try {
            return watch.await(traffic::isQuiet, () -> wire.hasInput() ? wire.readNow(into) : 0, () -> wire.read(into));
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
    public void writeTogether(MemorySegment from) throws IOException {
        if (!traffic.isCrowded()) {
            wire.write(from);
        } else {
            wire.writeTogether(from);
        }
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
