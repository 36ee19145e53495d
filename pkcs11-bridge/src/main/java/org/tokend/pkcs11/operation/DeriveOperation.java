package org.tokend.pkcs11.operation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tokend.pkcs11.KeyAlgorithm;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKD;
import org.tokend.pkcs11.cryptoki.CKK;
import org.tokend.pkcs11.cryptoki.CKO;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.Mechanism;
import org.tokend.pkcs11.key.Curve;
import org.tokend.pkcs11.key.Der;
import org.tokend.pkcs11.key.MalformedDerException;
import org.tokend.pkcs11.key.PublicKeyInfo;

/** Raw ECDH: the secret is derived as a session object, read, and destroyed. */
public final class DeriveOperation {
    private DeriveOperation() {}

    /**
     * @param subjectPublicKeyInfo of the other side
     * @return the other side's point, uncompressed and proven to lie on the key's curve
     */
    public static byte[] checkedPoint(KeyDescriptor key, byte[] subjectPublicKeyInfo) throws TokenException {
        if (!MechanismTable.fits(KeyAlgorithm.ECDH, key.type())) {
            throw new TokenException.Unsupported(
                    "The key " + key.uri() + " is of type " + key.type() + " and cannot agree on a secret by ECDH.");
        }
        try {
            PublicKeyInfo peer = PublicKeyInfo.parse(subjectPublicKeyInfo);
            if (peer.type() != key.type()) {
                throw new TokenException.InvalidInput("The other side's public key is of type " + peer.type()
                        + ", the key " + key.uri() + " of type " + key.type() + ".");
            }
            return peer.point();
        } catch (MalformedDerException e) {
            throw new TokenException.InvalidInput("The other side's public key is refused: " + e.getMessage() + ".");
        }
    }

    /** @return the x-coordinate, padded to the field size */
    public static byte[] run(KeyUse use, DerivePlan plan, byte[] point) throws CryptokiException, TokenException {
        Curve curve = Curve.of(use.key().type()).orElseThrow();
        Mechanism mechanism = new Mechanism(
                plan.mechanism(),
                new Mechanism.Ecdh1(CKD.NULL, new byte[0], plan.wrappedPoint() ? Der.octetString(point) : point));
        if (use.always()) {
            // PKCS#11 v3.1 §5.18.5 knows no context for C_DeriveKey: tokens that want the PIN each time take it just
            // before.
            use.authenticate();
        }
        long secret =
                use.cryptoki().deriveKey(use.session(), mechanism, use.handle(), template(plan.template(), curve));
        byte[] value = use.cryptoki()
                .getAttributeValue(use.session(), secret, CKA.VALUE)
                .get(CKA.VALUE)
                .value();
        use.cryptoki().destroyObject(use.session(), secret);
        if (value == null || value.length == 0) {
            throw new TokenException.Unsupported("The token does not give out the secret that the key "
                    + use.key().uri() + " agreed on.");
        }
        if (value.length > curve.fieldLength()) {
            throw new TokenException.WrongResult(
                    "The secret that the key " + use.key().uri() + " agreed on is " + value.length
                            + " bytes long; its curve gives " + curve.fieldLength() + ".");
        }
        byte[] padded = RsaPadding.leftPad(value, curve.fieldLength());
        if (padded != value) {
            Arrays.fill(value, (byte) 0);
        }
        return padded;
    }

    private static List<Attribute> template(DerivePlan.DeriveTemplate form, Curve curve) {
        List<Attribute> template = new ArrayList<>(List.of(
                Attribute.of(CKA.CLASS, CKO.SECRET_KEY),
                Attribute.of(CKA.KEY_TYPE, CKK.GENERIC_SECRET),
                Attribute.of(CKA.TOKEN, false)));
        if (form != DerivePlan.DeriveTemplate.SMALLEST) {
            template.add(Attribute.of(CKA.SENSITIVE, false));
            template.add(Attribute.of(CKA.EXTRACTABLE, true));
        }
        if (form == DerivePlan.DeriveTemplate.FULL) {
            template.add(Attribute.of(CKA.VALUE_LEN, (long) curve.fieldLength()));
        }
        return template;
    }
}
