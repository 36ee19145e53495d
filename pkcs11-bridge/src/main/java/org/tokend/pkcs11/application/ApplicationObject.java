package org.tokend.pkcs11.application;

import java.util.Arrays;
import java.util.List;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.AttributeValues;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKK;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.token.TokenObject;

/** An object behind a handle. Handles of token objects are even, those of session objects odd, and 0 is none. */
sealed interface ApplicationObject permits ApplicationObject.OnToken, SessionObject {
    long handle();

    long objectClass();

    boolean isPrivate();

    AttributeValues attributes(long... types) throws TokenException;

    long size() throws TokenException;

    /** A CK_BBOOL of it, or {@code otherwise} where the object has no such attribute. */
    default boolean flag(long type, boolean otherwise) throws TokenException {
        return attributes(type).get(type).asBoolean(otherwise);
    }

    default long number(long type, long otherwise) throws TokenException {
        return attributes(type).get(type).asLong(otherwise);
    }

    /**
     * An object on the token. What makes a key secret is never told, not even of a key that the token would give away: every use of a key
     * goes through the gate.
     */
    record OnToken(TokenObject object) implements ApplicationObject {
        static long handleOf(TokenObject object) {
            return (object.id() + 1) << 1;
        }

        static boolean isHandle(long handle) {
            return (handle & 1) == 0;
        }

        static long idOf(long handle) {
            return (handle >>> 1) - 1;
        }

        @Override
        public long handle() {
            return handleOf(object);
        }

        @Override
        public long objectClass() {
            return object.objectClass();
        }

        @Override
        public boolean isPrivate() {
            return object.isPrivate();
        }

        @Override
        public long size() throws TokenException {
            return object.size();
        }

        @Override
        public AttributeValues attributes(long... types) throws TokenException {
            if (Arrays.stream(types).noneMatch(type -> SecretAttributes.isSecret(objectClass(), type))) {
                return object.attributes(types);
            }
            boolean rsa = object.attributes(CKA.KEY_TYPE).get(CKA.KEY_TYPE).asLong(-1) == CKK.RSA;
            long[] told = Arrays.stream(types)
                    .filter(type -> !SecretAttributes.isSecret(objectClass(), rsa, type))
                    .toArray();
            if (told.length == types.length) {
                return object.attributes(types);
            }
            AttributeValues values =
                    told.length == 0 ? new AttributeValues(List.of(), CKR.OK) : object.attributes(told);
            return new AttributeValues(
                    Arrays.stream(types).mapToObj(values::get).toList(), CKR.ATTRIBUTE_SENSITIVE);
        }
    }

    /** CKA_ID and its like, for comparing. */
    default boolean has(Attribute wanted) throws TokenException {
        if (wanted.type() == CKA.CLASS) {
            return wanted.asLong(-1) == objectClass();
        }
        byte[] value = attributes(wanted.type()).get(wanted.type()).value();
        return value != null && Arrays.equals(value, wanted.value());
    }
}
