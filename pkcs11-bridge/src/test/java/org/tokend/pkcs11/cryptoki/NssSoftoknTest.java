package org.tokend.pkcs11.cryptoki;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.math.BigInteger;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("NSS softokn, a module that wants an init string")
class NssSoftoknTest {
    private static final byte[] MESSAGE = "signed by NSS".getBytes(US_ASCII);

    @DisplayName("refuses to start without its init string")
    @Test
    void wantsAnInitString() {
        ContractSubject.assertFails(
                "C_Initialize", CKR.ARGUMENTS_BAD, () -> IaikCryptoki.open(NssSoftokn.module(), null));
    }

    @DisplayName("is listed, refuses a wrong password, and signs with RSA after login")
    @Test
    void signs() throws Exception {
        try (NssSoftokn database = NssSoftokn.create();
                IaikCryptoki cryptoki = IaikCryptoki.open(NssSoftokn.module(), database.initString())) {
            assertThat(cryptoki.threadSafe()).isTrue();
            assertThat(cryptoki.getInfo().manufacturer()).isEqualTo("Mozilla Foundation");
            long slot = certificateSlot(cryptoki);
            assertThat(cryptoki.getMechanismList(slot)).contains(CKM.SHA256_RSA_PKCS);
            long session = cryptoki.openSession(slot, CKF.SERIAL_SESSION | CKF.RW_SESSION);
            try (Arena arena = Arena.ofConfined()) {
                ContractSubject.assertFails(
                        "C_Login",
                        CKR.PIN_INCORRECT,
                        () -> cryptoki.login(
                                session, CKU.USER, TestSession.segment(arena, "wrong".getBytes(US_ASCII))));
                cryptoki.login(session, CKU.USER, TestSession.segment(arena, NssSoftokn.PIN));
            }
            assertThat(cryptoki.getSessionInfo(session).state()).isEqualTo(CKS.RW_USER_FUNCTIONS);

            KeyPairHandles pair = generate(cryptoki, session);
            byte[] signature =
                    cryptoki.signOnce(session, Mechanism.of(CKM.SHA256_RSA_PKCS), pair.privateKey(), MESSAGE);
            Signature verifier = Signature.getInstance("SHA256withRSA");
            verifier.initVerify(
                    publicKey(cryptoki.getAttributeValue(session, pair.publicKey(), CKA.MODULUS, CKA.PUBLIC_EXPONENT)));
            verifier.update(MESSAGE);
            assertThat(verifier.verify(signature)).isTrue();
        }
    }

    @DisplayName("signs from a profile that is opened read-only")
    @Test
    void readOnly() throws Exception {
        try (NssSoftokn database = NssSoftokn.create()) {
            try (IaikCryptoki cryptoki = IaikCryptoki.open(NssSoftokn.module(), database.initString())) {
                long session = login(cryptoki, CKF.RW_SESSION);
                assertThat(generate(cryptoki, session).privateKey()).isNotZero();
            }
            try (IaikCryptoki cryptoki = IaikCryptoki.open(NssSoftokn.module(), database.initString() + "readOnly")) {
                long session = login(cryptoki, 0);
                cryptoki.findObjectsInit(session, List.of(Attribute.of(CKA.CLASS, CKO.PRIVATE_KEY)));
                long key = cryptoki.findObjects(session, 2)[0];
                cryptoki.findObjectsFinal(session);
                assertThat(cryptoki.signOnce(session, Mechanism.of(CKM.SHA256_RSA_PKCS), key, MESSAGE))
                        .hasSize(256);
            }
        }
    }

    private static long login(Cryptoki cryptoki, long flags) throws CryptokiException {
        long session = cryptoki.openSession(certificateSlot(cryptoki), CKF.SERIAL_SESSION | flags);
        try (Arena arena = Arena.ofConfined()) {
            cryptoki.login(session, CKU.USER, TestSession.segment(arena, NssSoftokn.PIN));
        }
        return session;
    }

    private static long certificateSlot(Cryptoki cryptoki) throws CryptokiException {
        for (long slot : cryptoki.getSlotList(true)) {
            if (cryptoki.getTokenInfo(slot).label().equals(NssSoftokn.LABEL)) {
                return slot;
            }
        }
        throw new AssertionError(
                "no slot with " + NssSoftokn.LABEL + " in " + Arrays.toString(cryptoki.getSlotList(true)));
    }

    private static KeyPairHandles generate(Cryptoki cryptoki, long session) throws CryptokiException {
        return cryptoki.generateKeyPair(
                session,
                Mechanism.of(CKM.RSA_PKCS_KEY_PAIR_GEN),
                List.of(
                        Attribute.of(CKA.TOKEN, true),
                        Attribute.of(CKA.MODULUS_BITS, 2048),
                        Attribute.of(CKA.PUBLIC_EXPONENT, new byte[] {1, 0, 1})),
                List.of(Attribute.of(CKA.TOKEN, true), Attribute.of(CKA.PRIVATE, true), Attribute.of(CKA.SIGN, true)));
    }

    private static PublicKey publicKey(AttributeValues values) throws Exception {
        BigInteger modulus = new BigInteger(1, values.get(CKA.MODULUS).value());
        BigInteger exponent = new BigInteger(1, values.get(CKA.PUBLIC_EXPONENT).value());
        return KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent));
    }
}
