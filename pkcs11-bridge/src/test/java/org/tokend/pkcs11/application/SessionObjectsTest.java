package org.tokend.pkcs11.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokend.pkcs11.application.ApplicationRig.refused;

import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.KeyAgreement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.AttributeValues;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKD;
import org.tokend.pkcs11.cryptoki.CKK;
import org.tokend.pkcs11.cryptoki.CKM;
import org.tokend.pkcs11.cryptoki.CKO;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.Mechanism;

class SessionObjectsTest {
    private final ApplicationRig rig = new ApplicationRig(new ApplicationLimits(10, 5, 20_000, 1000));
    private final Application application = rig.application;
    private long session;

    @BeforeEach
    void open() throws Exception {
        session = rig.open();
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private static List<Attribute> with(List<Attribute> template, Attribute... more) {
        List<Attribute> all = new ArrayList<>(template);
        all.addAll(List.of(more));
        return all;
    }

    private static List<Attribute> secret(Attribute... more) {
        return with(
                List.of(
                        Attribute.of(CKA.CLASS, CKO.SECRET_KEY),
                        Attribute.of(CKA.KEY_TYPE, CKK.GENERIC_SECRET),
                        Attribute.of(CKA.VALUE, new byte[] {1, 2, 3})),
                more);
    }

    private static byte[] bytes(Attribute attribute) {
        return Optional.ofNullable(attribute.value()).orElseThrow();
    }

    private byte[] value(long object, long type) throws CryptokiException {
        return bytes(application.getAttributeValue(session, object, type).get(type));
    }

    @Test
    @DisplayName("An object in memory has what its template says and the defaults of its class, for all sessions")
    void create() throws Exception {
        long key = application.createObject(session, secret(Attribute.of(CKA.LABEL, new byte[] {'k'})));
        long other = rig.open();
        AttributeValues values = application.getAttributeValue(
                other, key, CKA.VALUE, CKA.VALUE_LEN, CKA.TOKEN, CKA.EXTRACTABLE, CKA.LOCAL, CKA.MODULUS);
        assertThat(values.returnValue()).isEqualTo(CKR.ATTRIBUTE_TYPE_INVALID);
        assertThat(values.attributes())
                .containsExactly(
                        Attribute.of(CKA.VALUE, new byte[] {1, 2, 3}),
                        Attribute.of(CKA.VALUE_LEN, 3L),
                        Attribute.of(CKA.TOKEN, false),
                        Attribute.of(CKA.EXTRACTABLE, true),
                        Attribute.of(CKA.LOCAL, false),
                        Attribute.unavailable(CKA.MODULUS));
        assertThat(rig.find(other, Attribute.of(CKA.TOKEN, false))).containsExactly(key);
        assertThat(rig.find(other, Attribute.of(CKA.TOKEN, true))).isEmpty();
        assertThat(rig.find(other, Attribute.of(CKA.LABEL, new byte[] {'k'}))).containsExactly(key);
        application.closeSession(session);
        refused(CKR.OBJECT_HANDLE_INVALID, () -> application.getAttributeValue(other, key, CKA.VALUE));
    }

    @Test
    @DisplayName("A secret that is sensitive or not extractable is not told, and cannot be made less secret")
    void sensitive() throws Exception {
        for (Attribute how : List.of(Attribute.of(CKA.SENSITIVE, true), Attribute.of(CKA.EXTRACTABLE, false))) {
            long key = application.createObject(session, secret(how));
            AttributeValues values = application.getAttributeValue(session, key, CKA.VALUE, CKA.VALUE_LEN);
            assertThat(values.returnValue()).isEqualTo(CKR.ATTRIBUTE_SENSITIVE);
            assertThat(values.get(CKA.VALUE).value()).isNull();
            assertThat(values.get(CKA.VALUE_LEN).asLong(0)).isEqualTo(3);
            assertThat(rig.find(session, Attribute.of(CKA.VALUE, new byte[] {1, 2, 3})))
                    .doesNotContain(key);
            Attribute back = Attribute.of(how.type(), how.type() == CKA.EXTRACTABLE);
            refused(CKR.ATTRIBUTE_READ_ONLY, () -> application.setAttributeValue(session, key, List.of(back)));
            refused(CKR.ATTRIBUTE_READ_ONLY, () -> application.copyObject(session, key, List.of(back)));
        }
    }

    @Test
    @DisplayName("A template that is incomplete, inconsistent or not for its class is refused")
    void templates() {
        record Case(long returnValue, List<Attribute> template) {}
        List<Case> cases = List.of(
                new Case(CKR.TEMPLATE_INCOMPLETE, List.of()),
                new Case(CKR.TEMPLATE_INCOMPLETE, List.of(Attribute.of(CKA.CLASS, CKO.SECRET_KEY))),
                new Case(
                        CKR.TEMPLATE_INCOMPLETE,
                        List.of(
                                Attribute.of(CKA.CLASS, CKO.CERTIFICATE),
                                Attribute.of(CKA.CERTIFICATE_TYPE, 0L),
                                Attribute.of(CKA.SUBJECT, new byte[3]))),
                new Case(CKR.TEMPLATE_INCONSISTENT, List.of(Attribute.of(CKA.CLASS, CKO.PRIVATE_KEY))),
                new Case(CKR.TEMPLATE_INCONSISTENT, secret(Attribute.of(CKA.VALUE, new byte[5]))),
                new Case(CKR.ATTRIBUTE_TYPE_INVALID, secret(Attribute.of(CKA.MODULUS, new byte[5]))),
                new Case(CKR.ATTRIBUTE_READ_ONLY, secret(Attribute.of(CKA.LOCAL, true))),
                new Case(CKR.ATTRIBUTE_READ_ONLY, secret(Attribute.of(CKA.TRUSTED, true))),
                new Case(CKR.ATTRIBUTE_VALUE_INVALID, secret(Attribute.of(CKA.SIGN, new byte[2]))),
                new Case(CKR.ATTRIBUTE_VALUE_INVALID, secret(Attribute.unavailable(CKA.LABEL))),
                new Case(
                        CKR.ATTRIBUTE_VALUE_INVALID,
                        List.of(
                                Attribute.of(CKA.CLASS, CKO.SECRET_KEY),
                                Attribute.of(CKA.KEY_TYPE, CKK.AES),
                                Attribute.of(CKA.VALUE, new byte[17]))),
                new Case(CKR.USER_NOT_LOGGED_IN, secret(Attribute.of(CKA.PRIVATE, true))),
                new Case(CKR.ACTION_PROHIBITED, secret(Attribute.of(CKA.TOKEN, true))),
                new Case(
                        CKR.PUBLIC_KEY_INVALID,
                        List.of(
                                Attribute.of(CKA.CLASS, CKO.PUBLIC_KEY),
                                Attribute.of(CKA.KEY_TYPE, CKK.EC),
                                Attribute.of(CKA.EC_PARAMS, HexFormat.of().parseHex("06082a8648ce3d030107")),
                                Attribute.of(CKA.EC_POINT, new byte[65]))));
        for (Case each : cases) {
            refused(each.returnValue(), () -> application.createObject(session, each.template()));
        }
    }

    @Test
    @DisplayName("Objects and the memory that they take have a limit; what is destroyed makes room")
    void limits() throws Exception {
        List<Long> made = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            made.add(application.createObject(session, secret()));
        }
        refused(CKR.DEVICE_MEMORY, () -> application.createObject(session, secret()));
        application.destroyObject(session, made.getFirst());
        refused(CKR.OBJECT_HANDLE_INVALID, () -> application.destroyObject(session, made.getFirst()));
        refused(
                CKR.DEVICE_MEMORY,
                () -> application.createObject(session, secret(Attribute.of(CKA.LABEL, new byte[20_000]))));
        long last = application.createObject(session, secret());
        refused(
                CKR.DEVICE_MEMORY,
                () -> application.setAttributeValue(session, last, List.of(Attribute.of(CKA.LABEL, new byte[20_000]))));
        assertThat(made).doesNotContain(last);
    }

    @Test
    @DisplayName("Copies and changes follow the object's own rules")
    void copyAndChange() throws Exception {
        long key = application.createObject(session, secret());
        long copy = application.copyObject(
                session, key, List.of(Attribute.of(CKA.LABEL, new byte[] {'c'}), Attribute.of(CKA.MODIFIABLE, false)));
        assertThat(value(copy, CKA.VALUE)).containsExactly(1, 2, 3);
        assertThat(value(copy, CKA.LABEL)).containsExactly('c');
        refused(
                CKR.ACTION_PROHIBITED,
                () -> application.setAttributeValue(session, copy, List.of(Attribute.of(CKA.LABEL, new byte[1]))));
        refused(
                CKR.ATTRIBUTE_READ_ONLY,
                () -> application.copyObject(session, key, List.of(Attribute.of(CKA.VALUE, new byte[1]))));
        application.setAttributeValue(session, key, List.of(Attribute.of(CKA.LABEL, new byte[] {'n'})));
        assertThat(value(key, CKA.LABEL)).containsExactly('n');
        refused(
                CKR.ATTRIBUTE_READ_ONLY,
                () -> application.setAttributeValue(session, key, List.of(Attribute.of(CKA.VALUE, new byte[1]))));
        refused(
                CKR.ATTRIBUTE_TYPE_INVALID,
                () -> application.setAttributeValue(session, key, List.of(Attribute.of(CKA.MODULUS, new byte[1]))));
    }

    @Test
    @DisplayName("A public key on the token can be copied into memory, its private key cannot")
    void copyFromToken() throws Exception {
        rig.token.addKey("mine", new byte[] {1}, SoftwareKeys.P256);
        application.login(session, 1, null);
        long copy = application.copyObject(
                session,
                rig.findOne(session, CKO.PUBLIC_KEY, "mine"),
                List.of(Attribute.of(CKA.TOKEN, false), Attribute.of(CKA.LABEL, new byte[] {'c'})));
        assertThat(value(copy, CKA.TOKEN)).containsExactly(0);
        assertThat(value(copy, CKA.EC_POINT)).hasSize(67);
        long secret = rig.findOne(session, CKO.PRIVATE_KEY, "mine");
        refused(
                CKR.TEMPLATE_INCONSISTENT,
                () -> application.copyObject(session, secret, List.of(Attribute.of(CKA.TOKEN, false))));
        refused(CKR.ACTION_PROHIBITED, () -> application.copyObject(session, secret, List.of()));
    }

    @Test
    @DisplayName("A logout takes the private objects out of memory")
    void logout() throws Exception {
        application.login(session, 1, null);
        long key = application.createObject(session, secret(Attribute.of(CKA.PRIVATE, true)));
        long open = application.createObject(session, secret());
        application.logout(session);
        application.login(session, 1, null);
        refused(CKR.OBJECT_HANDLE_INVALID, () -> application.getAttributeValue(session, key, CKA.VALUE));
        assertThat(value(open, CKA.VALUE)).hasSize(3);
    }

    @Test
    @DisplayName("Secrets in memory can be digested, others cannot")
    void digestKey() throws Exception {
        long key = application.createObject(session, secret(Attribute.of(CKA.SENSITIVE, true)));
        rig.token.addKey("mine", new byte[] {1}, SoftwareKeys.P256);
        long other = rig.findOne(session, CKO.PUBLIC_KEY, "mine");
        application.digestInit(session, Mechanism.of(CKM.SHA256));
        application.digestUpdate(session, new byte[] {9});
        application.digestKey(session, key);
        refused(CKR.KEY_INDIGESTIBLE, () -> application.digestKey(session, other));
        refused(CKR.KEY_HANDLE_INVALID, () -> application.digestKey(session, 999));
        assertThat(application.digestFinal(session))
                .isEqualTo(MessageDigest.getInstance("SHA-256").digest(new byte[] {9, 1, 2, 3}));
        refused(CKR.OPERATION_NOT_INITIALIZED, () -> application.digestFinal(session));
        refused(CKR.MECHANISM_INVALID, () -> application.digestInit(session, Mechanism.of(CKM.RSA_PKCS)));
    }

    private static byte[] agreed() throws Exception {
        KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
        agreement.init(SoftwareKeys.P384.getPrivate());
        agreement.doPhase(PEER.getPublic(), true);
        return agreement.generateSecret();
    }

    private static final KeyPair PEER = SoftwareKeys.generate("EC", new ECGenParameterSpec("secp384r1"));

    private static List<Attribute> derived(Attribute... more) {
        return with(
                List.of(
                        Attribute.of(CKA.CLASS, CKO.SECRET_KEY),
                        Attribute.of(CKA.KEY_TYPE, CKK.GENERIC_SECRET),
                        Attribute.of(CKA.TOKEN, false)),
                more);
    }

    @Test
    @DisplayName("ECDH gives the secret as it is, cut, or through a key derivation function")
    void derives() throws Exception {
        rig.token.addKey("mine", new byte[] {1}, SoftwareKeys.P384);
        application.login(session, 1, null);
        long base = rig.findOne(session, CKO.PRIVATE_KEY, "mine");
        byte[] wrapped = bytes(SoftwareKeys.publicAttributes(PEER.getPublic()).get(1));
        byte[] raw = Arrays.copyOfRange(wrapped, wrapped.length - 97, wrapped.length);
        byte[] shared = agreed();
        for (byte[] point : List.of(raw, wrapped)) {
            Mechanism mechanism = new Mechanism(CKM.ECDH1_DERIVE, new Mechanism.Ecdh1(CKD.NULL, new byte[0], point));
            long whole = application.deriveKey(session, mechanism, base, derived());
            assertThat(value(whole, CKA.VALUE)).isEqualTo(shared);
            long cut = application.deriveKey(session, mechanism, base, derived(Attribute.of(CKA.VALUE_LEN, 16L)));
            assertThat(value(cut, CKA.VALUE)).isEqualTo(Arrays.copyOfRange(shared, 32, 48));
            refused(
                    CKR.ATTRIBUTE_VALUE_INVALID,
                    () -> application.deriveKey(session, mechanism, base, derived(Attribute.of(CKA.VALUE_LEN, 49L))));
        }
        Mechanism kdf = new Mechanism(CKM.ECDH1_DERIVE, new Mechanism.Ecdh1(CKD.SHA256_KDF, new byte[] {7, 8}, raw));
        long key = application.deriveKey(session, kdf, base, derived(Attribute.of(CKA.VALUE_LEN, 40L)));
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(shared);
        byte[] first = digest.digest(new byte[] {0, 0, 0, 1, 7, 8});
        digest.update(shared);
        byte[] second = digest.digest(new byte[] {0, 0, 0, 2, 7, 8});
        byte[] expected = Arrays.copyOf(first, 40);
        System.arraycopy(second, 0, expected, 32, 8);
        assertThat(value(key, CKA.VALUE)).isEqualTo(expected);
    }

    @Test
    @DisplayName("ECDH is refused before the key is used for parameters and templates that will not do")
    void refusesToDerive() throws Exception {
        rig.token.addKey("mine", new byte[] {1}, SoftwareKeys.P384);
        application.login(session, 1, null);
        long base = rig.findOne(session, CKO.PRIVATE_KEY, "mine");
        byte[] wrapped = bytes(SoftwareKeys.publicAttributes(PEER.getPublic()).get(1));
        byte[] off = wrapped.clone();
        off[off.length - 1] ^= 1;
        for (Mechanism.Parameter wrong : List.of(
                new Mechanism.Ecdh1(CKD.NULL, new byte[0], off),
                new Mechanism.Ecdh1(CKD.NULL, new byte[0], new byte[0]),
                new Mechanism.Ecdh1(CKD.NULL, new byte[1], wrapped),
                new Mechanism.Ecdh1(CKD.SHA3_256_KDF, new byte[0], wrapped),
                new Mechanism.None())) {
            refused(
                    CKR.MECHANISM_PARAM_INVALID,
                    () -> application.deriveKey(session, new Mechanism(CKM.ECDH1_DERIVE, wrong), base, derived()));
        }
        Mechanism right = new Mechanism(CKM.ECDH1_DERIVE, new Mechanism.Ecdh1(CKD.NULL, new byte[0], wrapped));
        refused(
                CKR.ATTRIBUTE_TYPE_INVALID,
                () -> application.deriveKey(session, right, base, derived(Attribute.of(CKA.MODULUS, new byte[1]))));
        assertThat(rig.gate.asked).noneMatch(asked -> asked.startsWith("agree"));
    }
}
