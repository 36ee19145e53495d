package org.tokend.pkcs11.object;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKO;

/**
 * What tells an object from others when its handle no longer does. Copies of one object have the same identity.
 *
 * @param substance digest of what never changes: class, key, certificate
 * @param name digest of what somebody may change: CKA_ID, label
 */
record ObjectIdentity(String substance, String name) {
    private static final long NSS_CERT_SHA1_HASH = 0xce5363b4L;

    private static final long[] SUBSTANCE = {
        CKA.CLASS,
        CKA.PRIVATE,
        CKA.KEY_TYPE,
        CKA.CERTIFICATE_TYPE,
        CKA.MODULUS,
        CKA.PUBLIC_EXPONENT,
        CKA.EC_PARAMS,
        CKA.EC_POINT,
        CKA.PUBLIC_KEY_INFO,
        CKA.PRIME,
        CKA.BASE,
        CKA.VALUE,
        CKA.VALUE_LEN,
        CKA.CHECK_VALUE,
        CKA.ISSUER,
        CKA.SERIAL_NUMBER,
        NSS_CERT_SHA1_HASH
    };
    private static final long[] NAME = {CKA.ID, CKA.LABEL, CKA.SUBJECT, CKA.APPLICATION, CKA.OBJECT_ID, CKA.URL};

    /** Programs keep what changes in them: the same object has another value now. */
    private static final long[] SUBSTANCE_OF_DATA = {CKA.CLASS, CKA.PRIVATE};

    private static final long[] NAME_OF_DATA = {CKA.LABEL, CKA.APPLICATION, CKA.OBJECT_ID, CKA.VALUE};

    static ObjectIdentity of(Collection<Answer> read) {
        KnownAttributes attributes = KnownAttributes.of(read);
        Answer objectClass = attributes.get(CKA.CLASS);
        boolean data = objectClass != null && objectClass.attribute().asLong(-1) == CKO.DATA;
        return new ObjectIdentity(
                digest(attributes, data ? SUBSTANCE_OF_DATA : SUBSTANCE),
                digest(attributes, data ? NAME_OF_DATA : NAME));
    }

    private static String digest(KnownAttributes attributes, long... types) {
        MessageDigest sha256 = sha256();
        for (long type : types) {
            byte @Nullable [] value = attributes.value(type);
            if (value != null) {
                sha256.update(ByteBuffer.allocate(Long.BYTES + Integer.BYTES)
                        .putLong(type)
                        .putInt(value.length)
                        .array());
                sha256.update(value);
            }
        }
        return HexFormat.of().formatHex(sha256.digest(), 0, 16);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
