package org.tokend.pkcs11.object;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CatalogRoomTest {
    private static final long MIB = 1 << 20;

    private final CatalogRoom room = new CatalogRoom(100 * MIB);
    private final CatalogRoom.Part greedy = room.part();
    private final CatalogRoom.Part other = room.part();

    @Test
    @DisplayName("One module's tokens may take all that is shared, and the others still have their own")
    void own() {
        assertThat(greedy.share().tryTake(60 * MIB)).isTrue();
        assertThat(greedy.share().tryTake(60 * MIB)).isFalse();
        assertThat(greedy.share().tryTake(48 * MIB)).isTrue();
        assertThat(greedy.share().tryTake(1)).isFalse();

        assertThat(other.share().tryTake(CatalogRoom.OWN)).isTrue();
        assertThat(other.share().tryTake(1)).isFalse();
    }

    @Test
    @DisplayName("What can be asked again leaves half of it to what cannot")
    void spare() {
        CatalogRoom.Share share = greedy.share();

        assertThat(share.tryTakeSpare(59 * MIB)).isFalse();
        assertThat(share.tryTakeSpare(58 * MIB)).isTrue();
        assertThat(share.tryTakeSpare(1)).isFalse();
        assertThat(share.tryTake(50 * MIB)).isTrue();
    }

    @Test
    @DisplayName("What is not kept any more is there for others")
    void settle() {
        CatalogRoom.Share share = greedy.share();
        assertThat(share.tryTake(108 * MIB)).isTrue();
        share.settle(20 * MIB);

        assertThat(other.share().tryTake(96 * MIB)).isTrue();
        assertThat(other.share().tryTake(1)).isFalse();
        share.settle(0);
        assertThat(other.share().tryTake(12 * MIB)).isTrue();
    }
}
