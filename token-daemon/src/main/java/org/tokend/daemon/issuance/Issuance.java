package org.tokend.daemon.issuance;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.tokend.daemon.access.KeyUse;
import org.tokend.daemon.access.RefusalException;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.protocol.Algorithm;
import org.tokend.protocol.ErrorCode;

/**
 * A certificate or revocation list before it is signed, as the daemon itself has read it.
 *
 * @param signed the DER of the TBSCertificate or TBSCertList
 * @param issuer who says it
 * @param ownKey the SubjectPublicKeyInfo of a certificate that names its issuer as its subject; empty for all others
 * @param words for the person who is asked
 */
public record Issuance(KeyUse.What what, byte[] signed, X500Name issuer, byte[] ownKey, String words) {

    /** Says that the bytes cannot be signed, and why. */
    static RefusalException refusal(String why) {
        return new RefusalException(ErrorCode.INVALID_REQUEST, "input cannot be signed by a CA: " + why);
    }

    /** The digest that the key signs; for Ed25519 the bytes themselves. */
    public byte[] toSign(Algorithm algorithm) {
        return switch (algorithm.digestLength()) {
            case 32 -> hash("SHA-256");
            case 48 -> hash("SHA-384");
            case 64 -> hash("SHA-512");
            default -> signed.clone();
        };
    }

    /** For the audit record: what was signed, so that it can be found again, to the bit. */
    public String facts() {
        return words + "; sha256=" + HexFormat.of().formatHex(hash("SHA-256"));
    }

    private byte[] hash(String name) {
        try {
            return MessageDigest.getInstance(name).digest(signed);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + name, e);
        }
    }

    /**
     * The key speaks for the issuers that its own certificates on the token name, and for itself when it signs itself.
     *
     * @throws RefusalException DENIED
     */
    public void requireIssuer(KeyDescriptor key) throws RefusalException {
        boolean itself = ownKey.length > 0 && Arrays.equals(ownKey, key.publicKey());
        if (itself || key.certificates().stream().anyMatch(this::isIssuer)) {
            return;
        }
        List<String> names = key.certificates().stream()
                .map(der -> Certificate.getInstance(der).getSubject().toString())
                .toList();
        throw new RefusalException(
                ErrorCode.DENIED,
                "the key " + key.fingerprint() + " does not speak for the issuer " + issuer + ": "
                        + (names.isEmpty()
                                ? "no certificate is beside it on the token; put the CA's there with \"tokenctl key"
                                        + " certificate\""
                                : "the certificates beside it are for " + names + ", or not for this use"));
    }

    private boolean isIssuer(byte[] der) {
        Certificate certificate = Certificate.getInstance(der);
        Extensions extensions = certificate.getTBSCertificate().getExtensions();
        BasicConstraints constraints = extensions == null ? null : BasicConstraints.fromExtensions(extensions);
        KeyUsage usage = extensions == null ? null : KeyUsage.fromExtensions(extensions);
        int needed = what == KeyUse.What.CERTIFICATE ? KeyUsage.keyCertSign : KeyUsage.cRLSign;
        return constraints != null
                && constraints.isCA()
                && (usage == null || usage.hasUsages(needed))
                && sameName(certificate.getSubject(), issuer);
    }

    /** To the byte: what compares names loosely may take one for another. */
    private static boolean sameName(X500Name one, X500Name other) {
        try {
            return Arrays.equals(one.getEncoded(), other.getEncoded());
        } catch (IOException e) {
            return false;
        }
    }
}
