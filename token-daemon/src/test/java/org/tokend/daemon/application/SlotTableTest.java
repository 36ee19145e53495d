package org.tokend.daemon.application;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.tokend.daemon.software.SoftwareToken;
import org.tokend.pkcs11.TokenState;
import org.tokend.pkcs11.application.ApplicationSlot;
import org.tokend.pkcs11.cryptoki.CKF;
import org.tokend.pkcs11.cryptoki.SlotInfo;
import org.tokend.pkcs11.cryptoki.Version;
import org.tokend.pkcs11.token.ReaderSlot;
import org.tokend.pkcs11.token.Token;

class SlotTableTest {
    private final SlotTable table = new SlotTable();
    private final SoftwareToken one = new SoftwareToken("one");
    private final SoftwareToken two = new SoftwareToken("two");

    private static ReaderSlot slot(String module, long id, String reader, @Nullable Token token) {
        Version version = new Version(1, 0);
        return new ReaderSlot(
                module, id, new SlotInfo(reader, "maker", CKF.REMOVABLE_DEVICE, version, version), token, false);
    }

    private long idOf(String reader) {
        return table.slots().stream()
                .filter(slot -> slot.info().description().equals(reader))
                .findFirst()
                .orElseThrow()
                .id();
    }

    @Test
    @DisplayName("Slots of all modules stand in order of first sight, numbered from 1, whatever the modules call them")
    void ids() {
        table.seen("b", 1, List.of(slot("b", 0, "B0", one)));
        table.seen("a", 1, List.of(slot("a", 0, "A0", null), slot("a", 7, "A7", two)));
        assertThat(table.slots()).extracting(ApplicationSlot::id).containsExactly(1L, 2L, 3L);
        assertThat(table.slots()).extracting(slot -> slot.info().description()).containsExactly("B0", "A0", "A7");
        assertThat(table.slots()).extracting(ApplicationSlot::present).containsExactly(true, false, true);
    }

    @Test
    @DisplayName("Tokens come and go in a slot; each time counts once, and a look at the same counts nothing")
    void comeAndGo() {
        table.seen("m", 1, List.of(slot("m", 0, "R", one)));
        long seen = table.changes();
        table.seen("m", 1, List.of(slot("m", 0, "R", one)));
        assertThat(table.changes()).isEqualTo(seen);

        one.state = new TokenState.Absent();
        assertThat(table.slots().getFirst().token())
                .as("known before the next look")
                .isNull();
        table.seen("m", 1, List.of(slot("m", 0, "R", null)));
        assertThat(table.changes()).isEqualTo(seen + 1);

        table.seen("m", 1, List.of(slot("m", 0, "R", two)));
        assertThat(table.changes()).isEqualTo(seen + 2);
        assertThat(table.slots()).hasSize(1);
        assertThat(table.slots().getFirst().token()).isSameAs(two);
    }

    @Test
    @DisplayName("A removal that shows in the token's state alone is a change at the next look")
    void stateAlone() {
        table.seen("m", 1, List.of(slot("m", 0, "R", one)));
        long seen = table.changes();
        one.state = new TokenState.Failed("gone");
        table.seen("m", 1, List.of(slot("m", 0, "R", one)));
        assertThat(table.changes()).isEqualTo(seen + 1);
    }

    @Test
    @DisplayName("After a restart of the module its slots are known by their tokens and readers, not by its new ids")
    void restart() {
        table.seen("m", 1, List.of(slot("m", 0, "R0", one), slot("m", 1, "R1", two), slot("m", 2, "R2", null)));
        table.seen("m", 2, List.of(slot("m", 0, "R2", null), slot("m", 1, "R0", one), slot("m", 2, "R1", two)));
        assertThat(table.slots()).hasSize(3);
        assertThat(idOf("R0")).isEqualTo(1);
        assertThat(idOf("R1")).isEqualTo(2);
        assertThat(idOf("R2")).isEqualTo(3);
        assertThat(table.slots().getFirst().token()).isSameAs(one);
    }

    @Test
    @DisplayName(
            "A reader that is unplugged stays an empty slot and is the same slot when it comes back under another id")
    void unplugged() {
        table.seen("m", 1, List.of(slot("m", 0, "R0", one), slot("m", 1, "R1", two)));
        table.seen("m", 1, List.of(slot("m", 1, "R1", two)));
        assertThat(table.slots()).extracting(ApplicationSlot::present).containsExactly(false, true);
        table.seen("m", 1, List.of(slot("m", 1, "R1", two), slot("m", 2, "R0", one)));
        assertThat(table.slots()).hasSize(2);
        assertThat(idOf("R0")).isEqualTo(1);
        assertThat(table.slots()).extracting(ApplicationSlot::present).containsExactly(true, true);
    }

    @Test
    @DisplayName("Two readers that call themselves the same are two slots, and stay so")
    void sameNames() {
        table.seen("m", 1, List.of(slot("m", 0, "R", one), slot("m", 1, "R", two)));
        table.seen("m", 2, List.of(slot("m", 0, "R", two), slot("m", 1, "R", one)));
        assertThat(table.slots()).extracting(ApplicationSlot::token).containsExactly(one, two);
    }

    @Test
    @DisplayName("Who waits is let go by a change, by its own end, and by the daemon's")
    void waits() throws Exception {
        long seen = table.changes();
        Waiter changed = new Waiter(seen);
        table.seen("m", 1, List.of(slot("m", 0, "R", one)));
        changed.ends();

        Waiter left = new Waiter(table.changes());
        left.gone.set(true);
        table.wake();
        left.ends();

        Waiter stopped = new Waiter(table.changes());
        table.close();
        stopped.ends();
    }

    private final class Waiter {
        final AtomicBoolean gone = new AtomicBoolean();
        private final CountDownLatch ended = new CountDownLatch(1);

        Waiter(long seen) {
            Thread.ofPlatform().daemon().start(() -> {
                try {
                    table.await(seen, gone::get);
                    ended.countDown();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }

        void ends() throws InterruptedException {
            assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }
}
