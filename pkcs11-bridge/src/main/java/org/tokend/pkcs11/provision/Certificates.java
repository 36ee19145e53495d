package org.tokend.pkcs11.provision;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.KeyFingerprint;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKC;
import org.tokend.pkcs11.cryptoki.CKO;
import org.tokend.pkcs11.key.Der;
import org.tokend.pkcs11.key.MalformedDerException;
import org.tokend.pkcs11.key.PublicKeyInfo;
import org.tokend.pkcs11.token.Token;
import org.tokend.pkcs11.token.TokenObject;

/** The certificates of one token, which must be unlocked. */
public final class Certificates {
    private final Token token;

    public Certificates(Token token) {
        this.token = token;
    }

    /**
     * Puts certificates beside the keys that they belong to, under the key's CKA_ID and label, and CA certificates above them as they are.
     * What the token holds already is left as it is.
     *
     * @param certificates X.509, DER
     * @return the keys that have a certificate among these
     * @throws TokenException.KeyNotFound when no key of the token belongs to any of them; nothing is stored then
     */
    public List<KeyDescriptor> store(List<byte[]> certificates) throws TokenException {
        return write(placed(certificates));
    }

    /**
     * The same for somebody who expects something new: every certificate that is no CA's must have its key here, and at least
     * one must not be on the token yet.
     *
     * @throws TokenException.KeyNotFound when one of them has no key here; nothing is stored then
     * @throws TokenException.KeyAmbiguous when all of them are there already
     */
    public List<KeyDescriptor> add(List<byte[]> certificates) throws TokenException {
        List<Placed> placed = placed(certificates);
        boolean anythingNew = false;
        for (Placed each : placed) {
            if (each.key().isEmpty() && !each.isAuthority()) {
                throw noKey(each.parsed().getSubjectX500Principal().getName());
            }
            anythingNew |= !isPresent(each.certificate());
        }
        if (!anythingNew) {
            List<KeyDescriptor> keys = keys(placed);
            throw new TokenException.KeyAmbiguous(
                    "The token " + token.identity().uri() + " holds the certificate already"
                            + (keys.isEmpty()
                                    ? ""
                                    : ", beside its key " + keys.getFirst().uri()) + "; nothing was changed.",
                    keys);
        }
        return write(placed);
    }

    private List<KeyDescriptor> write(List<Placed> placed) throws TokenException {
        List<KeyDescriptor> keys = keys(placed);
        if (keys.isEmpty()) {
            throw noKey(placed.getFirst().parsed().getSubjectX500Principal().getName());
        }
        for (Placed each : placed) {
            if (!isPresent(each.certificate())) {
                KeyPairs.change(
                        token,
                        "put a certificate on",
                        () -> token.administration().create(template(each)));
            }
        }
        return token.keys().stream().filter(keys::contains).toList();
    }

    private static List<KeyDescriptor> keys(List<Placed> placed) {
        return placed.stream().flatMap(each -> each.key().stream()).distinct().toList();
    }

    private TokenException.KeyNotFound noKey(String subject) {
        return new TokenException.KeyNotFound(
                "No key on the token " + token.identity().uri() + " belongs to the certificate of " + subject
                        + ": it was issued for another key, or that key is gone.");
    }

    private List<Placed> placed(List<byte[]> certificates) throws TokenException {
        List<Placed> placed = new ArrayList<>();
        for (byte[] certificate : certificates) {
            placed.add(place(certificate));
        }
        return placed;
    }

    private record Placed(byte[] certificate, X509Certificate parsed, Optional<KeyDescriptor> key) {
        boolean isAuthority() {
            return parsed.getBasicConstraints() >= 0;
        }
    }

    private Placed place(byte[] certificate) throws TokenException {
        try {
            X509Certificate parsed = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(certificate));
            KeyFingerprint fingerprint =
                    PublicKeyInfo.parse(parsed.getPublicKey().getEncoded()).fingerprint();
            return new Placed(
                    certificate,
                    parsed,
                    token.keys().stream()
                            .filter(key -> key.fingerprint().equals(fingerprint) && key.seen())
                            .findFirst());
        } catch (CertificateException | MalformedDerException e) {
            throw new TokenException.InvalidInput("A certificate for the token "
                    + token.identity().uri() + " cannot be read: " + e.getMessage() + ".");
        }
    }

    private boolean isPresent(byte[] certificate) throws TokenException {
        for (TokenObject object : token.objects()) {
            if (object.objectClass() == CKO.CERTIFICATE
                    && Arrays.equals(object.attributes(CKA.VALUE).get(CKA.VALUE).value(), certificate)) {
                return true;
            }
        }
        return false;
    }

    private static List<Attribute> template(Placed placed) {
        X509Certificate certificate = placed.parsed();
        byte[] id = placed.key().map(KeyDescriptor::ckaId).orElse(new byte[0]);
        String label = placed.key()
                .map(KeyDescriptor::label)
                .orElse(certificate.getSubjectX500Principal().getName());
        return List.of(
                Attribute.of(CKA.CLASS, CKO.CERTIFICATE),
                Attribute.of(CKA.CERTIFICATE_TYPE, CKC.X_509),
                Attribute.of(CKA.TOKEN, true),
                Attribute.of(CKA.PRIVATE, false),
                Attribute.of(CKA.ID, id),
                Attribute.of(CKA.LABEL, label.getBytes(StandardCharsets.UTF_8)),
                Attribute.of(CKA.SUBJECT, certificate.getSubjectX500Principal().getEncoded()),
                Attribute.of(CKA.ISSUER, certificate.getIssuerX500Principal().getEncoded()),
                Attribute.of(CKA.SERIAL_NUMBER, Der.integer(certificate.getSerialNumber())),
                Attribute.of(CKA.VALUE, placed.certificate()));
    }
}
