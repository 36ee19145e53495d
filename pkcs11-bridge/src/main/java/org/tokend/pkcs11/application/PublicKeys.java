package org.tokend.pkcs11.application;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.cryptoki.AttributeValues;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKK;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.key.Curve;
import org.tokend.pkcs11.key.EcPointAttribute;
import org.tokend.pkcs11.key.MalformedDerException;
import org.tokend.pkcs11.key.PublicKeyInfo;

/** Public key objects as keys of the JDK. */
final class PublicKeys {
    private PublicKeys() {}

    static PublicKey of(ApplicationObject object) throws CryptokiException, TokenException {
        try {
            return object.number(CKA.KEY_TYPE, -1) == CKK.RSA ? rsa(object) : onCurve(object);
        } catch (GeneralSecurityException e) {
            throw Refusal.of(CKR.KEY_SIZE_RANGE);
        } catch (MalformedDerException e) {
            throw Refusal.of(CKR.PUBLIC_KEY_INVALID);
        }
    }

    private static PublicKey rsa(ApplicationObject object)
            throws CryptokiException, TokenException, GeneralSecurityException {
        AttributeValues values = object.attributes(CKA.MODULUS, CKA.PUBLIC_EXPONENT);
        BigInteger modulus = new BigInteger(1, bytes(values, CKA.MODULUS));
        BigInteger exponent = new BigInteger(1, bytes(values, CKA.PUBLIC_EXPONENT));
        return KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent));
    }

    private static PublicKey onCurve(ApplicationObject object)
            throws CryptokiException, TokenException, GeneralSecurityException, MalformedDerException {
        AttributeValues values = object.attributes(CKA.EC_PARAMS, CKA.EC_POINT);
        Curve curve =
                Curve.ofParameters(bytes(values, CKA.EC_PARAMS)).orElseThrow(() -> Refusal.of(CKR.CURVE_NOT_SUPPORTED));
        byte[] point = EcPointAttribute.unwrap(curve, bytes(values, CKA.EC_POINT));
        return KeyFactory.getInstance(curve.edwards() ? "Ed25519" : "EC")
                .generatePublic(
                        new X509EncodedKeySpec(PublicKeyInfo.ec(curve, point).der()));
    }

    private static byte[] bytes(AttributeValues values, long type) throws CryptokiException {
        byte[] value = values.get(type).value();
        if (value == null) {
            throw Refusal.of(CKR.KEY_TYPE_INCONSISTENT);
        }
        return value;
    }
}
