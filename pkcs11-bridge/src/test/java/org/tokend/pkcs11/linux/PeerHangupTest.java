package org.tokend.pkcs11.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PeerHangupTest {

    @Test
    @DisplayName("A peer that says nothing, or has said something, is there; one that closed is not")
    void closed() throws Exception {
        try (SocketPair pair = SocketPair.open();
                Arena arena = Arena.ofConfined()) {
            assertThat(PeerHangup.at(pair.here().number())).isFalse();
            MemorySegment unread = arena.allocate(ValueLayout.JAVA_BYTE);
            pair.there().write(unread);
            assertThat(PeerHangup.at(pair.here().number())).isFalse();
            pair.there().close();
            assertThat(PeerHangup.at(pair.here().number())).isTrue();
        }
    }
}
