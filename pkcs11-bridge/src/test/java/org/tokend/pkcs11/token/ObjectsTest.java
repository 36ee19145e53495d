package org.tokend.pkcs11.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
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
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.fixtures.softhsm.ImportedKey;
import org.tokend.fixtures.softhsm.SoftHsmToken;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.AttributeValues;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKF;
import org.tokend.pkcs11.cryptoki.CKK;
import org.tokend.pkcs11.cryptoki.CKM;
import org.tokend.pkcs11.cryptoki.CKO;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.cryptoki.CryptokiException;

@DisplayName("The objects of a token")
class ObjectsTest {
    private SoftHsmRig rig;

    @BeforeEach
    void open() throws Exception {
        SoftHsmToken hsm = SoftHsmToken.create();
        ImportedKey rsa = hsm.importKey(TestKey.RSA_2048_A);
        hsm.importKey(TestKey.P256_A);
        hsm.importKey(TestKey.ED25519);
        rig = SoftHsmRig.on(hsm);
        assertThat(rsa.label()).isEqualTo(TestKey.RSA_2048_A.defaultLabel());
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** As another program on the same module would, behind the catalogue's back. */
    private interface Work<T> {
        T with(Cryptoki cryptoki, long session) throws CryptokiException;
    }

    private <T> T directly(Work<T> work) throws CryptokiException {
        try (Cryptoki cryptoki = rig.module().connect()) {
            long slot = rig.tokens().slots().stream()
                    .filter(each -> each.token() != null)
                    .findFirst()
                    .orElseThrow()
                    .slot();
            long session = cryptoki.openSession(slot, CKF.SERIAL_SESSION | CKF.RW_SESSION);
            try {
                return work.with(cryptoki, session);
            } finally {
                cryptoki.closeSession(session);
            }
        }
    }

    private long create(Attribute... attributes) throws CryptokiException {
        List<Attribute> template = new ArrayList<>(List.of(attributes));
        template.add(Attribute.of(CKA.TOKEN, true));
        return directly((cryptoki, session) -> cryptoki.createObject(session, template));
    }

    private long createSecret(String label, boolean sensitive) throws CryptokiException {
        return create(
                Attribute.of(CKA.CLASS, CKO.SECRET_KEY),
                Attribute.of(CKA.KEY_TYPE, CKK.AES),
                Attribute.of(CKA.PRIVATE, true),
                Attribute.of(CKA.LABEL, text(label)),
                Attribute.of(CKA.SENSITIVE, sensitive),
                Attribute.of(CKA.EXTRACTABLE, !sensitive),
                Attribute.of(CKA.START_DATE, text("20250131")),
                Attribute.of(
                        CKA.ALLOWED_MECHANISMS,
                        Objects.requireNonNull(Attribute.of(0, CKM.AES_CBC_PAD).value())),
                Attribute.of(CKA.VALUE, text("32 bytes that are a key of AES..")));
    }

    private long createData(String label, String value, boolean isPrivate) throws CryptokiException {
        return create(
                Attribute.of(CKA.CLASS, CKO.DATA),
                Attribute.of(CKA.PRIVATE, isPrivate),
                Attribute.of(CKA.APPLICATION, text("tokend")),
                Attribute.of(CKA.LABEL, text(label)),
                Attribute.of(CKA.VALUE, text(value)));
    }

    private List<TokenObject> labelled(String label) throws TokenException {
        List<TokenObject> found = new ArrayList<>();
        for (TokenObject object : rig.token().objects()) {
            if (Arrays.equals(object.attributes(CKA.LABEL).get(CKA.LABEL).value(), text(label))) {
                found.add(object);
            }
        }
        return found;
    }

    private TokenObject only(String label) throws TokenException {
        List<TokenObject> found = labelled(label);
        assertThat(found).as(label).hasSize(1);
        return found.getFirst();
    }

    private List<Long> ids() throws TokenException {
        return rig.token().objects().stream().map(TokenObject::id).toList();
    }

    private static long handle(TokenObject object) {
        return ((CatalogueObject) object).stored().handle();
    }

    static long[] allTypes() throws IllegalAccessException {
        List<Long> types = new ArrayList<>();
        for (Field field : CKA.class.getFields()) {
            if (Modifier.isStatic(field.getModifiers())) {
                types.add(field.getLong(null));
            }
        }
        types.add(0xce5363b4L);
        types.add(0x80000001L);
        return types.stream().mapToLong(Long::longValue).toArray();
    }

    @Test
    @DisplayName(
            "are answered byte for byte as the token answers, one by one and all at once, before and after they are known")
    void sameAsDirectly() throws Exception {
        rig.login();
        createSecret("sensitive", true);
        createSecret("extractable", false);
        createData("note", "to be remembered", false);
        createData("empty", "", true);
        rig.token().distrust(rig.token().generation(), "test");
        long[] types = allTypes();
        assertThat(rig.token().objects()).hasSize(10);
        for (int round = 0; round < 2; round++) {
            for (TokenObject object : rig.token().objects()) {
                for (long type : types) {
                    assertThat(throughCatalogue(object, type))
                            .as("%s attribute 0x%x", object, type)
                            .isEqualTo(directly(object, type));
                }
                long[] readable = Arrays.stream(types)
                        .filter(type -> directly(object, type) instanceof AttributeValues)
                        .toArray();
                assertThat(throughCatalogue(object, readable)).isEqualTo(directly(object, readable));
                assertThat(object.size())
                        .isEqualTo(directly((cryptoki, session) -> cryptoki.getObjectSize(session, handle(object))));
            }
        }
    }

    /** What came, or the return value. */
    private Object directly(TokenObject object, long... types) {
        try {
            return directly((cryptoki, session) -> cryptoki.getAttributeValue(session, handle(object), types));
        } catch (CryptokiException e) {
            return e.returnValue();
        }
    }

    private static Object throughCatalogue(TokenObject object, long... types) throws TokenException {
        try {
            return object.attributes(types);
        } catch (TokenException.Failed e) {
            return e.returnValue();
        }
    }

    @Test
    @DisplayName("the attributes that programs ask are read in one call for each object, and then never again")
    void oneCallEach() throws Exception {
        rig.login();
        rig.token().distrust(rig.token().generation(), "test");
        rig.module().honest();
        int objects = rig.token().objects().size();

        assertThat(rig.module().calls().stream().filter("getAttributeValue"::equals))
                .hasSizeLessThan(2 * objects + 1);
        rig.module().honest();
        for (TokenObject object : rig.token().objects()) {
            object.attributes(CKA.CLASS, CKA.ID, CKA.LABEL, CKA.KEY_TYPE, CKA.PRIVATE, CKA.SUBJECT);
        }
        assertThat(rig.token().keys()).hasSize(3);
        assertThat(rig.module().calls()).doesNotContain("getAttributeValue", "findObjects");
    }

    @Test
    @DisplayName("know the key that they belong to")
    void keys() throws Exception {
        createData("note", "no key", false);
        for (TestKey key : List.of(TestKey.RSA_2048_A, TestKey.P256_A, TestKey.ED25519)) {
            assertThat(Objects.requireNonNull(only(key.defaultLabel()).key()).publicKey())
                    .isEqualTo(key.publicKey().getEncoded());
        }
        rig.login();
        for (TestKey key : List.of(TestKey.RSA_2048_A, TestKey.P256_A, TestKey.ED25519)) {
            assertThat(labelled(key.defaultLabel()))
                    .hasSize(2)
                    .allSatisfy(object -> assertThat(
                                    Objects.requireNonNull(object.key()).publicKey())
                            .isEqualTo(key.publicKey().getEncoded()));
        }
        assertThat(only("note").key()).isNull();
    }

    @Test
    @DisplayName("that a login has shown stay in the list while the token is locked, with what is known of them")
    void locked() throws Exception {
        assertThat(rig.token().objects()).hasSize(3).noneMatch(TokenObject::isPrivate);
        rig.login();
        createSecret("secret", true);
        rig.token().distrust(rig.token().generation(), "test");
        List<Long> before = ids();
        TokenObject secret = only("secret");
        rig.token().logout();

        assertThat(ids()).containsExactlyInAnyOrderElementsOf(before);
        assertThat(secret.attributes(CKA.LABEL, CKA.KEY_TYPE).returnValue()).isEqualTo(CKR.OK);
        assertThat(only("secret").id()).isEqualTo(secret.id());
        assertThatThrownBy(() -> secret.attributes(CKA.VALUE)).isInstanceOf(TokenException.LoginRequired.class);
        assertThat(labelled(TestKey.P256_A.defaultLabel()))
                .hasSize(2)
                .allSatisfy(object -> assertThat(
                                Objects.requireNonNull(object.key()).publicKey())
                        .isEqualTo(TestKey.P256_A.publicKey().getEncoded()));
        rig.login();
        assertThat(ids()).containsExactlyInAnyOrderElementsOf(before);
        assertThat(secret.attributes(CKA.VALUE).returnValue()).isEqualTo(CKR.ATTRIBUTE_SENSITIVE);
    }

    @Test
    @DisplayName("keep their ids when the token is removed and put back, and when the module is started again")
    void removedAndBack() throws Exception {
        rig.login();
        List<Long> before = ids();
        rig.module().script(call -> call.name().equals("getSlotList") ? new long[0] : call.proceed());
        rig.tokens().scan();
        assertThatThrownBy(() -> rig.token().objects()).isInstanceOf(TokenException.Removed.class);
        rig.module().honest();
        rig.module().restart(rig.module().generation(), "test");
        rig.tokens().scan();

        assertThat(ids()).containsExactlyInAnyOrderElementsOf(before);
        rig.login();
        assertThat(ids()).containsExactlyInAnyOrderElementsOf(before);
    }

    @Test
    @DisplayName("two that are alike in everything are two, with an id each")
    void alike() throws Exception {
        rig.login();
        createData("twin", "the same", false);
        createData("twin", "the same", false);
        rig.token().distrust(rig.token().generation(), "test");
        List<TokenObject> twins = labelled("twin");
        assertThat(twins).hasSize(2);
        List<Long> before = ids();
        rig.token().logout();
        rig.login();

        assertThat(ids()).containsExactlyInAnyOrderElementsOf(before);
        directly((cryptoki, session) -> {
            cryptoki.destroyObject(session, handle(labelledNow("twin").getFirst()));
            return true;
        });
        rig.token().distrust(rig.token().generation(), "test");
        assertThat(labelled("twin")).singleElement().isIn(twins);
    }

    private List<TokenObject> labelledNow(String label) {
        try {
            return labelled(label);
        } catch (TokenException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @DisplayName("the value of a key that may be read is passed on and not kept")
    void extractable() throws Exception {
        rig.login();
        createSecret("extractable", false);
        rig.token().distrust(rig.token().generation(), "test");
        TokenObject key = only("extractable");
        for (int i = 0; i < 2; i++) {
            rig.module().honest();
            byte[] value = Objects.requireNonNull(
                    key.attributes(CKA.VALUE).get(CKA.VALUE).value());
            assertThat(value).isEqualTo(text("32 bytes that are a key of AES.."));
            Arrays.fill(value, (byte) 0);
            assertThat(rig.module().calls()).containsExactly("getAttributeValue");
        }
    }

    @Test
    @DisplayName("that another program destroys, makes or relabels show after a while; the same object keeps its id")
    void behindOurBack() throws Exception {
        rig.login();
        createData("note", "a note", false);
        rig.token().distrust(rig.token().generation(), "test");
        TokenObject note = only("note");
        List<TokenObject> before = rig.token().objects();
        assertThat(before).hasSize(7);
        rig.hsm().deleteObjects(TestKey.P256_A.defaultLabel());
        directly((cryptoki, session) -> {
            cryptoki.setAttributeValue(session, handle(note), List.of(Attribute.of(CKA.LABEL, text("relabelled"))));
            return true;
        });
        Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            rig.tokens().scan();
            assertThat(labelled(TestKey.P256_A.defaultLabel())).isEmpty();
            assertThat(only("relabelled").id()).isEqualTo(note.id());
        });
        assertThat(rig.token().objects()).hasSize(5);
        TokenObject destroyed = before.stream()
                .filter(object -> !idsNow().contains(object.id()))
                .findFirst()
                .orElseThrow();
        assertThatThrownBy(() -> destroyed.attributes(CKA.LABEL)).isInstanceOf(TokenException.KeyNotFound.class);
        assertThat(destroyed.key()).isNull();
    }

    private List<Long> idsNow() {
        try {
            return ids();
        } catch (TokenException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @DisplayName("that a login has shown are dropped when a token comes back that shows other keys")
    void swapped() throws Exception {
        rig.login();
        createSecret("secret", true);
        rig.token().distrust(rig.token().generation(), "test");
        assertThat(labelled("secret")).hasSize(1);
        rig.module().script(call -> call.name().equals("getSlotList") ? new long[0] : call.proceed());
        rig.tokens().scan();
        for (TestKey key : List.of(TestKey.RSA_2048_A, TestKey.P256_A, TestKey.ED25519)) {
            rig.hsm().deleteObjects(key.defaultLabel());
        }
        rig.hsm().importKey(TestKey.RSA_2048_B);
        rig.module().honest();
        rig.tokens().scan();

        assertThat(rig.token().objects()).hasSize(1).noneMatch(TokenObject::isPrivate);
    }

    @Test
    @Timeout(120)
    @DisplayName("are told to many threads at once while the token is locked, unlocked and written to")
    void manyThreads() throws Exception {
        rig.login();
        AtomicBoolean stop = new AtomicBoolean();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<Integer>> readers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                readers.add(threads.submit(() -> readUntil(stop)));
            }
            try {
                for (int i = 0; i < 10; i++) {
                    TokenObject made = createNote("note " + i);
                    rig.token().logout();
                    rig.login();
                    rig.token().administration().destroy(made);
                }
            } finally {
                stop.set(true);
            }
            for (Future<Integer> reader : readers) {
                assertThat(reader.get(60, TimeUnit.SECONDS)).isPositive();
            }
        }
        assertThat(rig.token().objects()).hasSize(6);
    }

    /** SoftHSM fails over a new object now and then while another session lists the token. */
    private TokenObject createNote(String label) throws Exception {
        for (int attempt = 1; ; attempt++) {
            try {
                return rig.token()
                        .administration()
                        .create(List.of(
                                Attribute.of(CKA.CLASS, CKO.DATA),
                                Attribute.of(CKA.PRIVATE, false),
                                Attribute.of(CKA.LABEL, text(label))));
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
            for (TokenObject object : rig.token().objects()) {
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
