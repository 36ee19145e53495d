package org.tokend.pkcs11.application;

import java.security.GeneralSecurityException;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.cryptoki.CKM;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.Mechanism;
import org.tokend.pkcs11.operation.RsaPadding;

/** Encrypts one RSA block with a public key, in software. */
final class Encrypting implements Transformation {
    private final Cipher cipher;
    private final int modulusLength;
    private final Intake.Kept plaintext;

    private Encrypting(Cipher cipher, int modulusLength, int most, Quota quota) {
        this.cipher = cipher;
        this.modulusLength = modulusLength;
        this.plaintext = new Intake.Kept(most, CKR.DATA_LEN_RANGE, quota);
    }

    static Encrypting start(Calls calls, Session session, Mechanism mechanism, long handle)
            throws CryptokiException, TokenException {
        ApplicationObject object = calls.keys().key(session, KeyChoice.Use.ENCRYPT, mechanism.type(), handle);
        RSAPublicKey key = (RSAPublicKey) PublicKeys.of(object);
        int length = (key.getModulus().bitLength() + 7) / 8;
        try {
            if (mechanism.type() == CKM.RSA_PKCS && SignatureScheme.hasNoParameter(mechanism)) {
                Cipher cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
                cipher.init(Cipher.ENCRYPT_MODE, key);
                return new Encrypting(cipher, length, length - RsaPadding.PKCS1_OVERHEAD, calls.quota());
            }
            return oaep(OaepScheme.of(mechanism), key, length, calls.quota());
        } catch (GeneralSecurityException e) {
            throw Refusal.of(CKR.KEY_SIZE_RANGE);
        }
    }

    private static Encrypting oaep(OaepScheme scheme, RSAPublicKey key, int length, Quota quota)
            throws CryptokiException, GeneralSecurityException {
        int most = length - 2 * Hashes.length(scheme.hash()) - 2;
        if (most < 0) {
            throw Refusal.of(CKR.KEY_SIZE_RANGE);
        }
        Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
        cipher.init(
                Cipher.ENCRYPT_MODE,
                key,
                new OAEPParameterSpec(
                        scheme.hash(),
                        "MGF1",
                        new MGF1ParameterSpec(scheme.mask()),
                        new PSource.PSpecified(scheme.label())));
        return new Encrypting(cipher, length, most, quota);
    }

    @Override
    public void update(byte[] part) throws CryptokiException {
        plaintext.add(part);
    }

    @Override
    public byte[] finish() throws CryptokiException {
        byte[] block = plaintext.take();
        try {
            return cipher.doFinal(block);
        } catch (GeneralSecurityException e) {
            throw Refusal.of(CKR.FUNCTION_FAILED);
        } finally {
            Arrays.fill(block, (byte) 0);
        }
    }

    @Override
    public int bound() {
        return modulusLength;
    }

    @Override
    public void wipe() {
        plaintext.wipe();
    }
}
