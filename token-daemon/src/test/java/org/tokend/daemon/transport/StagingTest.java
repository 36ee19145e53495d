package org.tokend.daemon.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.tokend.pkcs11.linux.SocketPair;

class StagingTest {
    private final Staging staging = new Staging();
    private SocketPair pair;

    @BeforeEach
    void open() throws Exception {
        pair = SocketPair.open();
    }

    @AfterEach
    void close() {
        pair.close();
    }

    @Test
    @DisplayName("What is written in pieces is read as it was, into whatever room there is")
    void pieces() throws Exception {
        byte[] sent = new byte[20_000];
        for (int i = 0; i < sent.length; i++) {
            sent[i] = (byte) (i * 7);
        }
        ByteBuffer from = ByteBuffer.wrap(sent);
        while (from.hasRemaining()) {
            assertThat(staging.write(from, pair.here())).isPositive();
        }
        byte[] received = new byte[sent.length];
        ByteBuffer into = ByteBuffer.wrap(received);
        while (into.hasRemaining()) {
            ByteBuffer room = into.slice(into.position(), Math.min(700, into.remaining()));
            int count = staging.readNow(pair.there(), room);
            assertThat(count).isPositive().isEqualTo(room.position());
            into.position(into.position() + count);
        }
        assertThat(received).isEqualTo(sent);
    }

    @Test
    @DisplayName("Nothing there is 0 and the end of the stream is -1, and neither changes the buffer")
    void nothing() throws Exception {
        ByteBuffer room = ByteBuffer.allocate(10);
        assertThat(staging.readNow(pair.there(), room)).isZero();
        pair.here().shutdown();
        assertThat(staging.readNow(pair.there(), room)).isEqualTo(-1);
        assertThat(room.position()).isZero();
        assertThat(room.array()).containsOnly(0);
    }

    @Test
    @DisplayName("Nothing of one connection's bytes is left for the next one")
    void wiped() throws Exception {
        byte[] secret = new byte[64];
        Arrays.fill(secret, (byte) 0x5a);
        staging.write(ByteBuffer.wrap(secret), pair.here());
        ByteBuffer taken = ByteBuffer.allocate(64);
        staging.readNow(pair.there(), taken);
        assertThat(taken.array()).isEqualTo(secret);
        assertThat(staging.pieces()).hasSize(1);
        assertThat(staging.pieces().getFirst()).containsOnly(0);
    }
}
