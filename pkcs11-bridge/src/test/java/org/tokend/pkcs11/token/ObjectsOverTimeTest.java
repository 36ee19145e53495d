package org.tokend.pkcs11.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKO;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;

@DisplayName("The objects of a token, while it is locked, changed or taken away")
class ObjectsOverTimeTest {
    @SuppressWarnings("NullAway.Init")
    private ObjectsRig objects;

    @BeforeEach
    void open() throws Exception {
        objects = new ObjectsRig();
    }

    @AfterEach
    void close() {
        objects.close();
    }

    @Test
    @DisplayName("that a login has shown stay in the list while the token is locked, with what is known of them")
    void locked() throws Exception {
        assertThat(objects.rig().token().objects()).hasSize(3).noneMatch(TokenObject::isPrivate);
        objects.rig().login();
        objects.createSecret("secret", true);
        objects.rig().token().distrust(objects.rig().token().generation(), "test");
        List<Long> before = objects.ids();
        TokenObject secret = objects.only("secret");
        objects.rig().token().logout();

        assertThat(objects.ids()).containsExactlyInAnyOrderElementsOf(before);
        assertThat(secret.attributes(CKA.LABEL, CKA.KEY_TYPE).returnValue()).isEqualTo(CKR.OK);
        assertThat(objects.only("secret").id()).isEqualTo(secret.id());
        assertThatThrownBy(() -> secret.attributes(CKA.VALUE)).isInstanceOf(TokenException.LoginRequired.class);
        assertThat(objects.labelled(TestKey.P256_A.defaultLabel()))
                .hasSize(2)
                .allSatisfy(object -> assertThat(
                                Objects.requireNonNull(object.key()).publicKey())
                        .isEqualTo(TestKey.P256_A.publicKey().getEncoded()));
        objects.rig().login();
        assertThat(objects.ids()).containsExactlyInAnyOrderElementsOf(before);
        assertThat(secret.attributes(CKA.VALUE).returnValue()).isEqualTo(CKR.ATTRIBUTE_SENSITIVE);
    }

    @Test
    @DisplayName("keep their ids when the token is removed and put back, and when the module is started again")
    void removedAndBack() throws Exception {
        objects.rig().login();
        List<Long> before = objects.ids();
        objects.rig().module().script(call -> call.name().equals("getSlotList") ? new long[0] : call.proceed());
        objects.rig().tokens().scan();
        assertThatThrownBy(() -> objects.rig().token().objects()).isInstanceOf(TokenException.Removed.class);
        objects.rig().module().honest();
        objects.rig().module().restart(objects.rig().module().generation(), "test");
        objects.rig().tokens().scan();

        assertThat(objects.ids()).containsExactlyInAnyOrderElementsOf(before);
        objects.rig().login();
        assertThat(objects.ids()).containsExactlyInAnyOrderElementsOf(before);
    }

    @Test
    @DisplayName("two that are alike in everything are two, with an id each")
    void alike() throws Exception {
        objects.rig().login();
        objects.createData("twin", "the same", false);
        objects.createData("twin", "the same", false);
        objects.rig().token().distrust(objects.rig().token().generation(), "test");
        List<TokenObject> twins = objects.labelled("twin");
        assertThat(twins).hasSize(2);
        List<Long> before = objects.ids();
        objects.rig().token().logout();
        objects.rig().login();

        assertThat(objects.ids()).containsExactlyInAnyOrderElementsOf(before);
        objects.directly((cryptoki, session) -> {
            cryptoki.destroyObject(
                    session, ObjectsRig.handle(objects.labelledNow("twin").getFirst()));
            return true;
        });
        objects.rig().token().distrust(objects.rig().token().generation(), "test");
        assertThat(objects.labelled("twin")).singleElement().isIn(twins);
    }

    @Test
    @DisplayName("that another program destroys, makes or relabels show after a while; the same object keeps its id")
    void behindOurBack() throws Exception {
        objects.rig().login();
        objects.createData("note", "a note", false);
        objects.rig().token().distrust(objects.rig().token().generation(), "test");
        TokenObject note = objects.only("note");
        List<TokenObject> before = objects.rig().token().objects();
        assertThat(before).hasSize(7);
        objects.rig().hsm().deleteObjects(TestKey.P256_A.defaultLabel());
        objects.directly((cryptoki, session) -> {
            cryptoki.setAttributeValue(
                    session, ObjectsRig.handle(note), List.of(Attribute.of(CKA.LABEL, ObjectsRig.text("relabelled"))));
            return true;
        });
        Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            objects.rig().tokens().scan();
            assertThat(objects.labelled(TestKey.P256_A.defaultLabel())).isEmpty();
            assertThat(objects.only("relabelled").id()).isEqualTo(note.id());
        });
        assertThat(objects.rig().token().objects()).hasSize(5);
        TokenObject destroyed = before.stream()
                .filter(object -> !objects.idsNow().contains(object.id()))
                .findFirst()
                .orElseThrow();
        assertThatThrownBy(() -> destroyed.attributes(CKA.LABEL)).isInstanceOf(TokenException.KeyNotFound.class);
        assertThat(destroyed.key()).isNull();
    }

    @Test
    @DisplayName("that a login has shown are dropped when a token comes back that shows other keys")
    void swapped() throws Exception {
        objects.rig().login();
        objects.createSecret("secret", true);
        objects.rig().token().distrust(objects.rig().token().generation(), "test");
        assertThat(objects.labelled("secret")).hasSize(1);
        objects.rig().module().script(call -> call.name().equals("getSlotList") ? new long[0] : call.proceed());
        objects.rig().tokens().scan();
        for (TestKey key : List.of(TestKey.RSA_2048_A, TestKey.P256_A, TestKey.ED25519)) {
            objects.rig().hsm().deleteObjects(key.defaultLabel());
        }
        objects.rig().hsm().importKey(TestKey.RSA_2048_B);
        objects.rig().module().honest();
        objects.rig().tokens().scan();

        assertThat(objects.rig().token().objects()).hasSize(1).noneMatch(TokenObject::isPrivate);
    }

    /** From now on the token fails over the value of an object, so many times, after something has happened. */
    private AtomicInteger failOverValue(int times, ObjectsRig.Work<?> before) {
        AtomicInteger asked = new AtomicInteger();
        objects.rig().module().script(call -> {
            boolean value = call.name().equals("getAttributeValue")
                    && Arrays.equals((long[]) call.arguments()[2], new long[] {CKA.VALUE});
            if (value && asked.incrementAndGet() <= times) {
                objects.directly(before);
                throw call.failure(CKR.GENERAL_ERROR);
            }
            return call.proceed();
        });
        return asked;
    }

    private boolean endGeneration() {
        objects.rig().token().distrust(objects.rig().token().generation(), "test");
        return true;
    }

    private TokenObject extractable() throws Exception {
        objects.rig().login();
        objects.createSecret("extractable", false);
        endGeneration();
        return objects.only("extractable");
    }

    @Test
    @DisplayName("are asked once more when a generation ends while the token fails over one")
    void endedMeanwhile() throws Exception {
        TokenObject key = extractable();
        AtomicInteger asked = failOverValue(1, (cryptoki, session) -> endGeneration());
        assertThat(key.attributes(CKA.VALUE).returnValue()).isEqualTo(CKR.OK);
        assertThat(asked).hasValue(2);
    }

    @Test
    @DisplayName("are asked once more only, however often a generation ends while the token fails over one")
    void endedAgain() throws Exception {
        TokenObject key = extractable();
        AtomicInteger asked = failOverValue(2, (cryptoki, session) -> endGeneration());
        assertThatThrownBy(() -> key.attributes(CKA.VALUE)).isInstanceOf(TokenException.Failed.class);
        assertThat(asked).hasValue(2);
    }

    @Test
    @DisplayName("are said to be locked when the login is lost while the token fails over one")
    void lockedMeanwhile() throws Exception {
        TokenObject key = extractable();
        AtomicInteger asked = failOverValue(1, (cryptoki, session) -> {
            cryptoki.logout(session);
            return endGeneration();
        });
        assertThatThrownBy(() -> key.attributes(CKA.VALUE)).isInstanceOf(TokenException.LoginRequired.class);
        assertThat(asked).hasValue(1);
    }

    @Test
    @DisplayName("are asked once only when the token fails over one and nothing has happened to it")
    void failing() throws Exception {
        TokenObject key = extractable();
        AtomicInteger asked = failOverValue(1, (cryptoki, session) -> true);
        assertThatThrownBy(() -> key.attributes(CKA.VALUE)).isInstanceOf(TokenException.Failed.class);
        assertThat(asked).hasValue(1);
    }

    @Test
    @Timeout(120)
    @DisplayName("are told to many threads at once while the token is locked, unlocked and written to")
    void manyThreads() throws Exception {
        objects.rig().login();
        AtomicBoolean stop = new AtomicBoolean();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<Integer>> readers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                readers.add(threads.submit(() -> readUntil(stop)));
            }
            try {
                for (int i = 0; i < 10; i++) {
                    TokenObject made = createNote("note " + i);
                    objects.rig().token().logout();
                    objects.rig().login();
                    objects.rig().token().administration().destroy(made);
                }
            } finally {
                stop.set(true);
            }
            for (Future<Integer> reader : readers) {
                assertThat(reader.get(60, TimeUnit.SECONDS)).isPositive();
            }
        }
        assertThat(objects.rig().token().objects()).hasSize(6);
    }

    /** SoftHSM fails over a new object now and then while another session lists the token. */
    private TokenObject createNote(String label) throws Exception {
        for (int attempt = 1; ; attempt++) {
            try {
                return objects.rig()
                        .token()
                        .administration()
                        .create(List.of(
                                Attribute.of(CKA.CLASS, CKO.DATA),
                                Attribute.of(CKA.PRIVATE, false),
                                Attribute.of(CKA.LABEL, ObjectsRig.text(label))));
            } catch (CryptokiException e) {
                if (e.returnValue() != CKR.GENERAL_ERROR || attempt == 5) {
                    throw e;
                }
            }
        }
    }

    private int readUntil(AtomicBoolean stop) throws TokenException {
        int read = 0;
        while (!stop.get() || read == 0) {
            for (TokenObject object : objects.rig().token().objects()) {
                try {
                    assertThat(object.attributes(CKA.LABEL, CKA.URL)
                                    .get(CKA.LABEL)
                                    .value())
                            .isNotNull();
                    read++;
                } catch (TokenException.KeyNotFound | TokenException.LoginRequired e) {
                    // Destroyed or locked in between.
                } catch (TokenException.Failed e) {
                    // SoftHSM's word when it is locked between its look at the login and its decrypting of the
                    // attribute.
                    if (e.returnValue() != CKR.GENERAL_ERROR) {
                        throw e;
                    }
                }
            }
        }
        return read;
    }
}
