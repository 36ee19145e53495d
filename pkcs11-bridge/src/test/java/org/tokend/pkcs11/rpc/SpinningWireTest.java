package org.tokend.pkcs11.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.tokend.pkcs11.linux.BriefWatch;

class SpinningWireTest {
    private static final MemorySegment ROOM = MemorySegment.ofArray(new byte[8]);

    /** Longer than a busy machine keeps a thread waiting between two looks. */
    private static final long LONG_WATCH = 20_000_000_000L;

    private static final long SHORT_WATCH = 1_000_000;

    private final HostTraffic traffic = new HostTraffic();
    private final Host host = new Host();

    /** Has one byte after so many looks, or after so long a sleep. */
    private static final class Host implements Wire {
        int looksUntilReply = 1;
        long sleepNanos;
        int looks;
        int sleeps;
        int together;

        @Override
        public void writeTogether(MemorySegment from) {
            together++;
        }

        @Override
        public long readNow(MemorySegment into) {
            looks++;
            return looks < looksUntilReply ? 0 : 1;
        }

        @Override
        public long read(MemorySegment into) {
            sleeps++;
            LockSupport.parkNanos(sleepNanos);
            return 1;
        }

        @Override
        public void write(MemorySegment from) {}

        @Override
        public void timeout(long millis) {}

        @Override
        public void close() {}
    }

    private SpinningWire wire(int processors, long longestNanos) {
        return new SpinningWire(host, traffic, new BriefWatch(longestNanos, processors));
    }

    @Test
    @DisplayName("A reply that is there at the third look is taken without sleep")
    void soon() throws IOException {
        host.looksUntilReply = 3;
        assertThat(wire(2, LONG_WATCH).read(ROOM)).isEqualTo(1);
        assertThat(host.looks).isEqualTo(3);
        assertThat(host.sleeps).isZero();
    }

    @Test
    @DisplayName("A reply that does not come soon is waited for asleep, and the end of the stream is told")
    void late() throws IOException {
        host.looksUntilReply = Integer.MAX_VALUE;
        assertThat(wire(2, 50 * SHORT_WATCH).read(ROOM)).isEqualTo(1);
        assertThat(host.looks).isPositive();
        assertThat(host.sleeps).isEqualTo(1);
    }

    @Test
    @DisplayName("On a single processor nobody looks twice")
    void singleProcessor() throws IOException {
        wire(1, LONG_WATCH).read(ROOM);
        assertThat(host.looks).isZero();
        assertThat(host.sleeps).isEqualTo(1);
    }

    @Test
    @DisplayName("When others wait for the same host, and for a while afterwards, it is waited for asleep")
    void busy() throws IOException {
        SpinningWire wire = wire(2, LONG_WATCH);
        traffic.enter();
        wire.read(ROOM);
        traffic.leave();
        wire.read(ROOM);
        assertThat(host.looks).isZero();
        for (int i = 0; i < 100; i++) {
            wire.read(ROOM);
        }
        assertThat(host.looks).isPositive();
    }

    @Test
    @DisplayName("A token that takes long is not looked for any more after a few times")
    void slowToken() throws IOException {
        host.looksUntilReply = Integer.MAX_VALUE;
        host.sleepNanos = 20_000_000;
        SpinningWire wire = wire(2, SHORT_WATCH);
        wire.read(ROOM);
        int looks = host.looks;
        wire.read(ROOM);
        wire.read(ROOM);
        assertThat(host.looks).isEqualTo(looks);
        assertThat(host.sleeps).isEqualTo(3);
    }

    @Test
    @DisplayName("Who waits for an event does not keep others from looking")
    void event() throws IOException {
        SpinningWire wire = wire(2, LONG_WATCH);
        wire.timeout(0);
        wire.read(ROOM);
        assertThat(host.looks).isZero();
        wire.timeout(1000);
        wire.read(ROOM);
        assertThat(host.looks).isEqualTo(1);
        assertThat(host.sleeps).isEqualTo(1);
    }

    @Test
    @DisplayName("What may be sent together with what others write is, while six of them wait")
    void crowd() throws IOException {
        for (int others = 0; others < 6; others++) {
            wire(2, LONG_WATCH).writeTogether(ROOM);
            assertThat(host.together).isZero();
            traffic.enter();
        }
        wire(2, LONG_WATCH).writeTogether(ROOM);
        assertThat(host.together).isEqualTo(1);
    }
}
