package org.tokend.pkcs11.key;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.KeyType;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.AttributeValues;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKC;
import org.tokend.pkcs11.cryptoki.CKK;
import org.tokend.pkcs11.cryptoki.CKO;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.object.ObjectSource;

/** Reads keys and certificates from their objects. One that makes no sense is left out and noted: it must not hide the others. */
final class ObjectReader {
    /** Bytes. What is longer cannot be listed with others, and no key is named by it. */
    private static final int MOST_LABEL = 256;

    private static final int MOST_ID = 1024;
    private static final int MOST_CERTIFICATE = 64 * 1024;

    private final ObjectSource source;
    private final List<String> notes = new ArrayList<>();
    private final Map<Long, PublicKeyInfo> publicKeys = new HashMap<>();
    private boolean partial;

    ObjectReader(ObjectSource source) {
        this.source = source;
    }

    /** Whether an object is there that could not be read this time. */
    boolean partial() {
        return partial;
    }

    /** The public keys in public-key objects and certificates, by handle. */
    Map<Long, PublicKeyInfo> keysByHandle() {
        return publicKeys;
    }

    /** One sentence for each object that was left out. */
    List<String> notes() {
        return notes;
    }

    List<PrivateKeyObject> privateKeys() throws CryptokiException {
        return read("private key", CKO.PRIVATE_KEY, this::privateKey);
    }

    List<PublicObject> publicKeys() throws CryptokiException {
        return read("public key", CKO.PUBLIC_KEY, this::publicKey);
    }

    List<PublicObject> certificates() throws CryptokiException {
        return read("certificate", CKO.CERTIFICATE, this::certificate);
    }

    private interface Parser<T> {
        /** Null for an object that is sound but not of use here. */
        @Nullable
        T parse(long handle) throws CryptokiException, MalformedDerException;
    }

    private <T> List<T> read(String what, long objectClass, Parser<T> parser) throws CryptokiException {
        List<T> objects = new ArrayList<>();
        for (long handle : source.find(objectClass)) {
            try {
                T object = parser.parse(handle);
                if (object != null) {
                    objects.add(object);
                }
            } catch (MalformedDerException e) {
                notes.add("A " + what + " (handle " + handle + ") is left out: " + e.getMessage() + ".");
            } catch (CryptokiException e) {
                if (!concernsOneObject(e.returnValue())) {
                    throw e;
                }
                partial = true;
                notes.add("A " + what + " (handle " + handle + ") is left out: " + e.getMessage() + ".");
            }
        }
        return objects;
    }

    /** An object can vanish between finding and reading; everything else that fails here concerns the token. */
    private static boolean concernsOneObject(long returnValue) {
        return returnValue == CKR.OBJECT_HANDLE_INVALID
                || returnValue == CKR.ATTRIBUTE_VALUE_INVALID
                || returnValue == CKR.ATTRIBUTE_TYPE_INVALID
                || returnValue == CKR.ATTRIBUTE_SENSITIVE;
    }

    private @Nullable PrivateKeyObject privateKey(long handle) throws CryptokiException, MalformedDerException {
        AttributeValues values = source.attributes(
                handle,
                CKA.KEY_TYPE,
                CKA.ID,
                CKA.LABEL,
                CKA.SIGN,
                CKA.DECRYPT,
                CKA.DERIVE,
                CKA.ALWAYS_AUTHENTICATE,
                CKA.MODULUS,
                CKA.PUBLIC_EXPONENT,
                CKA.EC_PARAMS,
                CKA.PUBLIC_KEY_INFO);
        KeyType type = null;
        BigInteger modulus = null;
        switch ((int) values.get(CKA.KEY_TYPE).asLong(-1)) {
            case (int) CKK.RSA -> {
                type = KeyType.RSA;
                modulus = unsigned(values.get(CKA.MODULUS));
            }
            case (int) CKK.EC, (int) CKK.EC_EDWARDS -> {
                byte[] parameters = values.get(CKA.EC_PARAMS).value();
                if (parameters != null && parameters.length > 0) {
                    type = curve(parameters).type();
                }
            }
            case -1 -> throw new MalformedDerException("it has no CKA_KEY_TYPE");
            default -> {
                return null;
            }
        }
        KeyUsage usage = new KeyUsage(
                values.get(CKA.SIGN).asBoolean(true),
                values.get(CKA.DECRYPT).asBoolean(true),
                values.get(CKA.DERIVE).asBoolean(true));
        return new PrivateKeyObject(
                handle,
                id(values),
                text(values.get(CKA.LABEL)),
                type,
                modulus,
                own(type, modulus, values),
                usage,
                values.get(CKA.ALWAYS_AUTHENTICATE).asBoolean(false));
    }

    private @Nullable PublicKeyInfo own(@Nullable KeyType type, @Nullable BigInteger modulus, AttributeValues values)
            throws MalformedDerException {
        BigInteger exponent = unsigned(values.get(CKA.PUBLIC_EXPONENT));
        if (modulus != null && exponent != null) {
            return PublicKeyInfo.rsa(modulus, exponent);
        }
        byte[] info = bytes(values.get(CKA.PUBLIC_KEY_INFO));
        if (info.length == 0) {
            return null;
        }
        try {
            PublicKeyInfo told = PublicKeyInfo.parse(info);
            boolean consistent = modulus != null ? modulus.equals(told.modulus()) : type == null || type == told.type();
            return consistent ? told : null;
        } catch (MalformedDerException e) {
            notes.add("CKA_PUBLIC_KEY_INFO of a private key is not used: " + e.getMessage() + ".");
            return null;
        }
    }

    private @Nullable PublicObject publicKey(long handle) throws CryptokiException, MalformedDerException {
        AttributeValues values = source.attributes(
                handle, CKA.KEY_TYPE, CKA.ID, CKA.LABEL, CKA.MODULUS, CKA.PUBLIC_EXPONENT, CKA.EC_PARAMS, CKA.EC_POINT);
        PublicKeyInfo key;
        switch ((int) values.get(CKA.KEY_TYPE).asLong(-1)) {
            case (int) CKK.RSA -> {
                BigInteger modulus = unsigned(values.get(CKA.MODULUS));
                BigInteger exponent = unsigned(values.get(CKA.PUBLIC_EXPONENT));
                if (modulus == null || exponent == null) {
                    throw new MalformedDerException("it has no modulus or no exponent");
                }
                key = PublicKeyInfo.rsa(modulus, exponent);
            }
            case (int) CKK.EC, (int) CKK.EC_EDWARDS -> {
                Curve curve = curve(bytes(values.get(CKA.EC_PARAMS)));
                key = PublicKeyInfo.ec(curve, EcPointAttribute.unwrap(curve, bytes(values.get(CKA.EC_POINT))));
            }
            default -> {
                return null;
            }
        }
        publicKeys.put(handle, key);
        return new PublicObject(id(values), text(values.get(CKA.LABEL)), key, null);
    }

    private @Nullable PublicObject certificate(long handle) throws CryptokiException, MalformedDerException {
        AttributeValues values = source.attributes(handle, CKA.CERTIFICATE_TYPE, CKA.ID, CKA.LABEL, CKA.VALUE);
        byte[] der = bytes(values.get(CKA.VALUE));
        if (values.get(CKA.CERTIFICATE_TYPE).asLong(CKC.X_509) != CKC.X_509 || der.length == 0) {
            return null;
        }
        if (der.length > MOST_CERTIFICATE) {
            throw new MalformedDerException("it is longer than " + MOST_CERTIFICATE + " bytes");
        }
        PublicKeyInfo key = PublicKeyInfo.ofCertificate(der);
        publicKeys.put(handle, key);
        return new PublicObject(id(values), text(values.get(CKA.LABEL)), key, der);
    }

    private static byte[] id(AttributeValues values) throws MalformedDerException {
        byte[] id = bytes(values.get(CKA.ID));
        if (id.length > MOST_ID) {
            throw new MalformedDerException("its CKA_ID is longer than " + MOST_ID + " bytes");
        }
        return id;
    }

    private static Curve curve(byte[] parameters) throws MalformedDerException {
        return Curve.ofParameters(parameters)
                .orElseThrow(() -> new MalformedDerException("its curve (CKA_EC_PARAMS) is not known here"));
    }

    private static byte[] bytes(Attribute attribute) {
        byte[] value = attribute.value();
        return value == null ? new byte[0] : value;
    }

    private static @Nullable BigInteger unsigned(Attribute attribute) {
        byte[] value = bytes(attribute);
        return value.length == 0 ? null : new BigInteger(1, value);
    }

    /** Some tokens end labels with NULs, some pad them with blanks. Of one that is too long, its beginning. */
    private static String text(Attribute attribute) {
        byte[] value = bytes(attribute);
        int length = Math.min(value.length, MOST_LABEL);
        while (length > 0 && (value[length - 1] == 0 || value[length - 1] == ' ')) {
            length--;
        }
        return new String(value, 0, length, StandardCharsets.UTF_8);
    }
}
