package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.fixtures.keys.TestKey;

@DisplayName("Applications on one token")
@Timeout(180)
class TwoApplicationsIT {
    private static final String KEY = TestKey.P256_A.defaultLabel();
    private static final int MEBIBYTE = 1 << 20;
    private static final long CKR_HOST_MEMORY = 0x2;
    private static final long CKR_DEVICE_MEMORY = 0x31;
    private static final long CKR_USER_NOT_LOGGED_IN = 0x101;
    private static final long CKR_CRYPTOKI_NOT_INITIALIZED = 0x190;

    @TempDir
    Path directory;

    private ApplicationDesk desk;
    private NativeApplication one;
    private NativeApplication other;

    @BeforeEach
    void start() throws Exception {
        desk = new ApplicationDesk(directory);
        one = desk.application();
        other = desk.application();
    }

    @AfterEach
    void stop() {
        one.close();
        other.close();
        desk.close();
    }

    private static void assertSigns(NativeApplication application, long session, int times) throws Exception {
        long key = application.privateKey(session, KEY);
        for (int i = 0; i < times; i++) {
            byte[] digest = new byte[32];
            digest[31] = (byte) i;
            ApplicationDesk.assertSigned(
                    digest, application.sign(session, key, digest).succeeded().bytes());
        }
    }

    @Test
    @DisplayName("One logs out: the other signs on, and the one is logged in again without a prompt")
    void logsOut() throws Exception {
        long first = one.begin();
        long second = other.begin();
        long key = one.privateKey(first, KEY);
        assertThat(one.call("logout", first).ckr()).isZero();
        assertThat(one.sign(first, key, new byte[32]).ckr()).isEqualTo(CKR_USER_NOT_LOGGED_IN);
        assertThat(one.call("find", first, NativeApplication.CKO_PRIVATE_KEY).lines())
                .as("private keys in a search without a login")
                .isEmpty();
        assertSigns(other, second, 3);
        assertThat(one.login(first)).isZero();
        assertSigns(one, first, 3);
        assertThat(desk.pinentry().pinRequests()).isEqualTo(1);
    }

    @Test
    @DisplayName("One ends without a word in the middle of its signatures: the other signs on")
    void dies() throws Exception {
        one.begin();
        long session = other.begin();
        int before = desk.uses().size();
        one.send("threads", 8, 10_000, one.slotOfBegin(), NativeApplication.CKM_ECDSA, ":" + KEY);
        await().atMost(Duration.ofSeconds(30)).until(() -> desk.uses().size() > before + 10);
        one.close();
        assertSigns(other, session, 20);
        await().atMost(Duration.ofSeconds(30)).until(() -> noLongerSigns());
        assertSigns(other, session, 1);
    }

    /** What the daemon had begun for the dead application is done, and nothing more is. */
    private boolean noLongerSigns() throws InterruptedException {
        int uses = desk.uses().size();
        Thread.sleep(300);
        return desk.uses().size() == uses;
    }

    @Test
    @DisplayName("One floods the daemon with sessions, searches and half a megabyte a call: the other signs on")
    void floods() throws Exception {
        one.begin();
        long session = other.begin();
        one.call("flood", one.slotOfBegin()).succeeded();
        assertSigns(other, session, 50);
        assertThat(one.call("unflood").succeeded().number())
                .as("rounds of the flood")
                .isPositive();
        assertSigns(other, session, 1);
    }

    @Test
    @DisplayName(
            "Sixty keep in memory what they can: each is told where it ends, another signs on, and who comes later finds room")
    void hoards() throws Exception {
        long session = other.begin();
        List<NativeApplication> many = new ArrayList<>();
        long kept = 0;
        try {
            for (int i = 0; i < 60; i++) {
                NativeApplication application = desk.application();
                many.add(application);
                NativeApplication.Answer end = application.call("hoard", application.begin(), MEBIBYTE);
                assertThat(end.ckr()).isIn(CKR_HOST_MEMORY, CKR_DEVICE_MEMORY);
                kept += end.number();
            }
            assertThat(kept).as("objects of a mebibyte").isBetween(10L, 100L);
            assertSigns(other, session, 20);
        } finally {
            many.forEach(NativeApplication::close);
        }
        long late = one.begin();
        AtomicLong found = new AtomicLong();
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            long more = one.call("hoard", late, MEBIBYTE).number();
            return found.addAndGet(more) > 5;
        });
    }

    @Test
    @DisplayName("64 threads of one application over its one connection get each their own signatures")
    void threads() throws Exception {
        one.begin();
        NativeApplication.Answer answer =
                one.call("threads", 64, 4, one.slotOfBegin(), NativeApplication.CKM_ECDSA, ":" + KEY);
        assertThat(answer.ckr()).isZero();
        ApplicationDesk.assertAllSigned(answer.lines(), 64 * 4);
        assertThat(desk.uses()).hasSize(64 * 4).containsOnly(NativeApplication.executable());
    }

    @Test
    @DisplayName("64 applications at once are served over 64 connections, with one prompt")
    void applications() throws Exception {
        List<NativeApplication> many = new ArrayList<>();
        try {
            for (int i = 0; i < 64; i++) {
                many.add(desk.application());
            }
            for (NativeApplication application : many) {
                application.begin();
                application.send("threads", 1, 3, application.slotOfBegin(), NativeApplication.CKM_ECDSA, ":" + KEY);
            }
            for (NativeApplication application : many) {
                ApplicationDesk.assertAllSigned(application.answer().succeeded().lines(), 3);
            }
        } finally {
            many.forEach(NativeApplication::close);
        }
        assertThat(desk.pinentry().pinRequests()).isEqualTo(1);
    }

    @Test
    @DisplayName("A child of a fork must initialise for itself, and then both sign")
    void forks() throws Exception {
        long session = one.begin();
        List<String> child = one.call("fork", one.slotOfBegin(), NativeApplication.CKM_ECDSA, ":" + KEY)
                .succeeded()
                .lines();
        assertThat(child.getFirst()).isEqualTo(Long.toHexString(CKR_CRYPTOKI_NOT_INITIALIZED));
        ApplicationDesk.assertAllSigned(child.subList(1, 2), 1);
        assertSigns(one, session, 3);
        assertThat(desk.pinentry().pinRequests()).isEqualTo(1);
    }
}
