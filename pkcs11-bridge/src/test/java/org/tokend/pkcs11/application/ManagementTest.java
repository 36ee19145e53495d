package org.tokend.pkcs11.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokend.pkcs11.application.ApplicationRig.refused;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKM;
import org.tokend.pkcs11.cryptoki.CKO;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CKU;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.KeyPairHandles;
import org.tokend.pkcs11.cryptoki.Mechanism;

/** What changes a token: for those whom the gate lets manage it. */
class ManagementTest {
    private static final List<Attribute> ON_TOKEN =
            List.of(Attribute.of(CKA.TOKEN, true), Attribute.of(CKA.CLASS, CKO.DATA));
    private static final Mechanism RSA = Mechanism.of(CKM.RSA_PKCS_KEY_PAIR_GEN);

    private final ApplicationRig rig = new ApplicationRig();
    private final Application application = rig.application;

    @AfterEach
    void close() {
        rig.close();
    }

    private static MemorySegment pin(Arena arena, String pin) {
        return arena.allocateFrom(ValueLayout.JAVA_BYTE, pin.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    @DisplayName("Who may not manage tokens changes nothing, and the gate knows of each attempt")
    void refusedToOthers() throws Exception {
        rig.token.addKey("mine", new byte[] {1}, SoftwareKeys.RSA);
        long session = rig.openLoggedIn();
        long key = rig.findOne(session, CKO.PRIVATE_KEY, "mine");
        Map<String, ThrowingCallable> attempts = new LinkedHashMap<>();
        attempts.put("C_CreateObject", () -> application.createObject(session, ON_TOKEN));
        attempts.put("C_CopyObject", () -> application.copyObject(session, key, List.of()));
        attempts.put("C_SetAttributeValue", () -> application.setAttributeValue(session, key, List.of()));
        attempts.put("C_DestroyObject", () -> application.destroyObject(session, key));
        attempts.put("C_GenerateKey", () -> application.generateKey(session, Mechanism.of(CKM.AES_KEY_GEN), ON_TOKEN));
        attempts.put("C_GenerateKeyPair", () -> application.generateKeyPair(session, RSA, ON_TOKEN, ON_TOKEN));
        attempts.put("C_WrapKey", () -> application.wrapKey(session, Mechanism.of(CKM.RSA_PKCS), key, key));
        attempts.put(
                "C_UnwrapKey",
                () -> application.unwrapKey(session, Mechanism.of(CKM.RSA_PKCS), key, new byte[1], ON_TOKEN));
        attempts.put("C_InitToken", () -> application.initToken(rig.slot, null, "new"));
        attempts.put("C_InitPIN", () -> application.initPin(session, null));
        attempts.put("C_SetPIN", () -> application.setPin(session, null, null));
        for (Map.Entry<String, ThrowingCallable> attempt : attempts.entrySet()) {
            refused(CKR.ACTION_PROHIBITED, attempt.getValue());
            assertThat(rig.gate.asked).contains("manage " + attempt.getKey());
        }
        assertThat(rig.token.fakeAdministration().asked).isEmpty();
        assertThat(rig.token.objects()).hasSize(2);
    }

    @Test
    @DisplayName("Who may manage tokens makes, changes and destroys objects on them")
    void objects() throws Exception {
        rig.gate.manages = true;
        long session = rig.openLoggedIn();
        long made = application.createObject(session, ON_TOKEN);
        assertThat(rig.find(session, Attribute.of(CKA.CLASS, CKO.DATA))).containsExactly(made);
        application.setAttributeValue(session, made, List.of(Attribute.of(CKA.LABEL, new byte[] {'x'})));
        assertThat(application
                        .getAttributeValue(session, made, CKA.LABEL)
                        .get(CKA.LABEL)
                        .value())
                .containsExactly('x');
        long copy = application.copyObject(session, made, List.of());
        assertThat(copy).isNotEqualTo(made);
        application.destroyObject(session, made);
        assertThat(rig.find(session)).containsExactly(copy);
        long readOnly = rig.open();
        refused(CKR.SESSION_READ_ONLY, () -> application.createObject(readOnly, ON_TOKEN));
        refused(CKR.SESSION_READ_ONLY, () -> application.destroyObject(readOnly, copy));
        application.logout(session);
        refused(
                CKR.USER_NOT_LOGGED_IN,
                () -> application.createObject(
                        session, List.of(Attribute.of(CKA.TOKEN, true), Attribute.of(CKA.PRIVATE, true))));
    }

    @Test
    @DisplayName("An object in memory is copied onto the token without what the token finds out itself")
    void copyOntoToken() throws Exception {
        rig.gate.manages = true;
        long session = rig.openReadWrite();
        long data = application.createObject(
                session, List.of(Attribute.of(CKA.CLASS, CKO.DATA), Attribute.of(CKA.VALUE, new byte[] {1})));
        long copy = application.copyObject(session, data, List.of(Attribute.of(CKA.TOKEN, true)));
        assertThat(rig.find(session, Attribute.of(CKA.TOKEN, true))).containsExactly(copy);
        assertThat(application
                        .getAttributeValue(session, copy, CKA.VALUE)
                        .get(CKA.VALUE)
                        .value())
                .containsExactly(1);
    }

    @Test
    @DisplayName("Keys are made on the token, and only there")
    void keys() throws Exception {
        rig.gate.manages = true;
        long session = rig.openLoggedIn();
        KeyPairHandles pair = application.generateKeyPair(session, RSA, ON_TOKEN, ON_TOKEN);
        assertThat(rig.find(session, Attribute.of(CKA.CLASS, CKO.PUBLIC_KEY))).containsExactly(pair.publicKey());
        assertThat(rig.find(session, Attribute.of(CKA.CLASS, CKO.PRIVATE_KEY))).containsExactly(pair.privateKey());
        refused(
                CKR.MECHANISM_INVALID,
                () -> application.generateKeyPair(session, Mechanism.of(CKM.RSA_PKCS), ON_TOKEN, ON_TOKEN));
        refused(CKR.MECHANISM_INVALID, () -> application.generateKeyPair(session, RSA, List.of(), List.of()));
        long key = application.generateKey(session, Mechanism.of(CKM.AES_KEY_GEN), ON_TOKEN);
        assertThat(application.wrapKey(session, Mechanism.of(CKM.RSA_PKCS), pair.publicKey(), key))
                .containsExactly(1);
        application.unwrapKey(session, Mechanism.of(CKM.RSA_PKCS), pair.privateKey(), new byte[1], ON_TOKEN);
        assertThat(rig.token.fakeAdministration().asked)
                .containsExactly("generateKeyPair", "generateKey", "wrap", "unwrap");
    }

    @Test
    @DisplayName("PINs reach the token, the security officer's from its login")
    void pins() throws Exception {
        rig.gate.manages = true;
        long session = rig.openReadWrite();
        try (Arena arena = Arena.ofConfined()) {
            refused(CKR.USER_NOT_LOGGED_IN, () -> application.initPin(session, pin(arena, "5678")));
            application.setPin(session, pin(arena, "1234"), pin(arena, "5678"));
            MemorySegment officer = pin(arena, FakeAdministration.OFFICER_PIN);
            application.login(session, CKU.SO, officer);
            officer.fill((byte) 0);
            application.initPin(session, pin(arena, "8765"));
            application.setPin(session, pin(arena, FakeAdministration.OFFICER_PIN), pin(arena, "boss"));
            application.initPin(session, pin(arena, "4321"));
            application.logout(session);
            refused(CKR.USER_NOT_LOGGED_IN, () -> application.initPin(session, pin(arena, "4321")));
        }
        assertThat(rig.token.fakeAdministration().asked)
                .containsExactly(
                        "setPin 1234 5678", "initPin officer 8765", "setOfficerPin officer boss", "initPin boss 4321");
        long readOnly = rig.open();
        refused(CKR.SESSION_READ_ONLY, () -> application.setPin(readOnly, null, null));
    }

    @Test
    @DisplayName("Tokens are initialised, blank ones and those without sessions")
    void initialises() throws Exception {
        rig.gate.manages = true;
        long blank = rig.gate.add(null, true);
        long empty = rig.gate.add(null, false);
        application.initToken(blank, null, "first");
        assertThat(rig.gate.asked).contains("manage C_InitToken", "initialise first");
        refused(CKR.TOKEN_NOT_PRESENT, () -> application.initToken(empty, null, "none"));
        long session = rig.open();
        refused(CKR.SESSION_EXISTS, () -> application.initToken(rig.slot, null, "again"));
        application.closeSession(session);
        try (Arena arena = Arena.ofConfined()) {
            application.initToken(rig.slot, pin(arena, "officer"), "again");
        }
        assertThat(rig.token.fakeAdministration().asked).containsExactly("initialise officer again");
    }

    @Test
    @DisplayName("Random numbers come from the token")
    void random() throws CryptokiException {
        long session = rig.open();
        application.seedRandom(session, new byte[] {1});
        assertThat(application.generateRandom(session, 33)).hasSize(33);
    }
}
