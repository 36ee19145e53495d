package org.tokend.pkcs11.application;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKD;
import org.tokend.pkcs11.cryptoki.CKK;
import org.tokend.pkcs11.cryptoki.CKO;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.Mechanism;
import org.tokend.pkcs11.key.Curve;
import org.tokend.pkcs11.key.EcPointAttribute;
import org.tokend.pkcs11.key.MalformedDerException;
import org.tokend.pkcs11.key.PublicKeyInfo;

/** CKM_ECDH1_DERIVE (PKCS#11 v3.1 §6.3.20): the gate agrees on the secret, the key is made of it here. */
final class Deriving {
    private static final Map<Long, String> KDF_HASHES = Map.of(
            CKD.SHA1_KDF, "SHA-1",
            CKD.SHA224_KDF, "SHA-224",
            CKD.SHA256_KDF, "SHA-256",
            CKD.SHA384_KDF, "SHA-384",
            CKD.SHA512_KDF, "SHA-512");

    private static final int[] AES_LENGTHS = {32, 24, 16};
    private static final int LONGEST = 1024;

    private Deriving() {}

    static long derive(
            Calls calls, Changes changes, Session session, Mechanism mechanism, long handle, List<Attribute> template)
            throws CryptokiException, TokenException {
        KeyDescriptor key = calls.keys().privateKey(session, KeyChoice.Use.DERIVE, mechanism.type(), handle);
        if (!(mechanism.parameter() instanceof Mechanism.Ecdh1 parameter)) {
            throw Refusal.of(CKR.MECHANISM_PARAM_INVALID);
        }
        Curve curve = Curve.of(key.type()).orElseThrow(() -> Refusal.of(CKR.KEY_TYPE_INCONSISTENT));
        String hash = KDF_HASHES.get(parameter.kdf());
        if (hash == null && (parameter.kdf() != CKD.NULL || parameter.sharedData().length != 0)) {
            throw Refusal.of(CKR.MECHANISM_PARAM_INVALID);
        }
        byte[] peer = publicKey(curve, parameter.publicData());
        int length = length(template, curve.fieldLength(), hash == null);
        // A template that will not do is found before the key is used for it.
        NewObject.complete(withValue(template, new byte[length]));
        byte[] secret = calls.gate().agree(session.token(), key, peer);
        byte[] value = hash == null
                ? Arrays.copyOfRange(secret, secret.length - length, secret.length)
                : x963(hash, secret, parameter.sharedData(), length);
        Arrays.fill(secret, (byte) 0);
        try {
            return changes.create("C_DeriveKey", session, withValue(template, value));
        } finally {
            Arrays.fill(value, (byte) 0);
        }
    }

    /** The point stands in it raw, or as OCTET STRING like in CKA_EC_POINT. */
    private static byte[] publicKey(Curve curve, byte[] publicData) throws CryptokiException {
        try {
            return PublicKeyInfo.ec(curve, EcPointAttribute.unwrap(curve, publicData))
                    .der();
        } catch (MalformedDerException e) {
            throw Refusal.of(CKR.MECHANISM_PARAM_INVALID);
        }
    }

    /** CKA_VALUE_LEN; where it is missing, what the key type or the secret allows. */
    private static int length(List<Attribute> template, int available, boolean cut) throws CryptokiException {
        long type = number(template, CKA.KEY_TYPE, CKK.GENERIC_SECRET);
        long asked = number(template, CKA.VALUE_LEN, 0);
        if (asked < 0 || asked > (cut ? available : LONGEST)) {
            throw Refusal.of(CKR.ATTRIBUTE_VALUE_INVALID);
        }
        if (asked > 0) {
            return (int) asked;
        }
        if (!cut) {
            throw Refusal.of(CKR.TEMPLATE_INCOMPLETE);
        }
        if (type == CKK.AES) {
            return Arrays.stream(AES_LENGTHS)
                    .filter(length -> length <= available)
                    .findFirst()
                    .orElseThrow(() -> Refusal.of(CKR.KEY_SIZE_RANGE));
        }
        return available;
    }

    private static long number(List<Attribute> template, long type, long otherwise) {
        return template.stream()
                .filter(attribute -> attribute.type() == type)
                .mapToLong(attribute -> attribute.asLong(-1))
                .findFirst()
                .orElse(otherwise);
    }

    /** ANSI X9.63 §5.6.3. */
    private static byte[] x963(String hash, byte[] secret, byte[] sharedData, int length) {
        MessageDigest digest = Hashes.start(hash);
        byte[] key = new byte[length];
        for (int counter = 1, at = 0; at < length; counter++) {
            digest.update(secret);
            digest.update(new byte[] {0, 0, (byte) (counter >> 8), (byte) counter});
            digest.update(sharedData);
            byte[] part = digest.digest();
            int taken = Math.min(part.length, length - at);
            System.arraycopy(part, 0, key, at, taken);
            Arrays.fill(part, (byte) 0);
            at += taken;
        }
        return key;
    }

    private static List<Attribute> withValue(List<Attribute> template, byte[] value) {
        List<Attribute> all = new ArrayList<>(template);
        all.removeIf(attribute -> attribute.type() == CKA.VALUE_LEN);
        if (all.stream().noneMatch(attribute -> attribute.type() == CKA.CLASS)) {
            all.add(Attribute.of(CKA.CLASS, CKO.SECRET_KEY));
        }
        if (all.stream().noneMatch(attribute -> attribute.type() == CKA.KEY_TYPE)) {
            all.add(Attribute.of(CKA.KEY_TYPE, CKK.GENERIC_SECRET));
        }
        all.add(Attribute.of(CKA.VALUE, value));
        return all;
    }
}
