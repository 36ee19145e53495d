package org.tokend.pkcs11.application;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKF;
import org.tokend.pkcs11.cryptoki.CKK;
import org.tokend.pkcs11.cryptoki.CKM;
import org.tokend.pkcs11.cryptoki.CKO;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/** The key that an Init function names, and whether it may be used for that (PKCS#11 v3.1 §5.1.6, CKR_KEY_...). */
final class KeyChoice {
    /** What a mechanism is used for, and what the key must say to it. */
    enum Use {
        SIGN(CKF.SIGN, CKA.SIGN, CKO.PRIVATE_KEY),
        VERIFY(CKF.VERIFY, CKA.VERIFY, CKO.PUBLIC_KEY),
        DECRYPT(CKF.DECRYPT, CKA.DECRYPT, CKO.PRIVATE_KEY),
        ENCRYPT(CKF.ENCRYPT, CKA.ENCRYPT, CKO.PUBLIC_KEY),
        DERIVE(CKF.DERIVE, CKA.DERIVE, CKO.PRIVATE_KEY);

        private final long flag;
        private final long attribute;
        private final long objectClass;

        Use(long flag, long attribute, long objectClass) {
            this.flag = flag;
            this.attribute = attribute;
            this.objectClass = objectClass;
        }
    }

    private static final Set<Long> ON_CURVES = Set.of(
            CKM.ECDSA,
            CKM.ECDSA_SHA1,
            CKM.ECDSA_SHA224,
            CKM.ECDSA_SHA256,
            CKM.ECDSA_SHA384,
            CKM.ECDSA_SHA512,
            CKM.ECDH1_DERIVE);

    private final Objects objects;
    private final Mechanisms mechanisms;

    KeyChoice(Objects objects, Mechanisms mechanisms) {
        this.objects = objects;
        this.mechanisms = mechanisms;
    }

    ApplicationObject key(Session session, Use use, long mechanism, long handle)
            throws CryptokiException, TokenException {
        mechanisms.require(session.token(), mechanism, use.flag);
        ApplicationObject key = objects.key(session, handle);
        if (key.objectClass() != use.objectClass || key.number(CKA.KEY_TYPE, -1) != keyType(mechanism)) {
            throw Refusal.of(CKR.KEY_TYPE_INCONSISTENT);
        }
        if (!key.flag(use.attribute, true)) {
            throw Refusal.of(CKR.KEY_FUNCTION_NOT_PERMITTED);
        }
        byte[] allowed = key.attributes(CKA.ALLOWED_MECHANISMS)
                .get(CKA.ALLOWED_MECHANISMS)
                .value();
        if (allowed != null && allowed.length > 0 && !lists(allowed, mechanism)) {
            throw Refusal.of(CKR.MECHANISM_INVALID);
        }
        return key;
    }

    private static long keyType(long mechanism) {
        if (ON_CURVES.contains(mechanism)) {
            return CKK.EC;
        }
        return mechanism == CKM.EDDSA ? CKK.EC_EDWARDS : CKK.RSA;
    }

    private static boolean lists(byte[] mechanisms, long mechanism) {
        ByteBuffer list = ByteBuffer.wrap(mechanisms).order(ByteOrder.nativeOrder());
        while (list.remaining() >= Long.BYTES) {
            if (list.getLong() == mechanism) {
                return true;
            }
        }
        return false;
    }

    /** The key as the gate knows it. */
    KeyDescriptor privateKey(Session session, Use use, long mechanism, long handle)
            throws CryptokiException, TokenException {
        KeyDescriptor key = descriptor(key(session, use, mechanism, handle));
        if (key == null) {
            throw Refusal.of(CKR.KEY_TYPE_INCONSISTENT);
        }
        return key;
    }

    private static @Nullable KeyDescriptor descriptor(ApplicationObject object) {
        return object instanceof ApplicationObject.OnToken onToken
                ? onToken.object().key()
                : null;
    }

    /** Asked again before the private key is used: the application may have logged out since. */
    interface StillAllowed {
        void check() throws CryptokiException, TokenException;
    }

    StillAllowed stillAllowed(Session session, long handle) {
        return () -> objects.key(session, handle);
    }
}
