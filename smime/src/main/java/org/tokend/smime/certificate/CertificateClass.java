package org.tokend.smime.certificate;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/**
 * For what in mail a certificate is made, by its key usage, its extended key usage and its kind of key, and for what it is
 * not and why. Says nothing of dates and trust.
 */
public record CertificateClass(Set<KeyPurpose> purposes, Map<KeyPurpose, String> refusals) {

    public CertificateClass {
        purposes = Set.copyOf(purposes);
        refusals = Map.copyOf(refusals);
    }

    public static CertificateClass of(MailCertificate certificate) {
        Set<KeyPurpose> purposes = EnumSet.noneOf(KeyPurpose.class);
        Map<KeyPurpose, String> refusals = new EnumMap<>(KeyPurpose.class);
        for (KeyPurpose each : KeyPurpose.values()) {
            Optional<String> refusal = everyPurpose(certificate)
                    .or(() -> each == KeyPurpose.SIGN ? signing(certificate) : encryption(certificate));
            refusal.ifPresentOrElse(text -> refusals.put(each, text), () -> purposes.add(each));
        }
        return new CertificateClass(purposes, refusals);
    }

    public boolean allows(KeyPurpose purpose) {
        return purposes.contains(purpose);
    }

    /** Why not, or empty. */
    public Optional<String> refusal(KeyPurpose purpose) {
        return Optional.ofNullable(refusals.get(purpose));
    }

    /** {@code sign}, {@code encrypt}, {@code dual}, {@code ca}, or {@code other}. */
    public String word(MailCertificate certificate) {
        if (certificate.isAuthority()) {
            return "ca";
        }
        return switch (purposes.size()) {
            case 0 -> "other";
            case 1 -> allows(KeyPurpose.SIGN) ? "sign" : "encrypt";
            default -> "dual";
        };
    }

    /** RFC 8550 §4.4.4: no extended key usage means any; one that is there must say mail. */
    private static Optional<String> everyPurpose(MailCertificate certificate) {
        if (certificate.isAuthority()) {
            return Optional.of("it is a CA's certificate, not a person's");
        }
        ExtendedKeyUsage usage =
                ExtendedKeyUsage.fromExtensions(certificate.holder().getExtensions());
        boolean mail = usage == null
                || usage.hasKeyPurposeId(KeyPurposeId.id_kp_emailProtection)
                || usage.hasKeyPurposeId(KeyPurposeId.anyExtendedKeyUsage);
        return mail ? Optional.empty() : Optional.of("its extended key usage does not name e-mail protection");
    }

    private static Optional<String> signing(MailCertificate certificate) {
        KeyUsage usage = KeyUsage.fromExtensions(certificate.holder().getExtensions());
        if (EdECObjectIdentifiers.id_X25519.equals(type(certificate))
                || EdECObjectIdentifiers.id_X448.equals(type(certificate))) {
            return Optional.of("its key can agree on secrets and not sign");
        }
        boolean may =
                usage == null || usage.hasUsages(KeyUsage.digitalSignature) || usage.hasUsages(KeyUsage.nonRepudiation);
        return may
                ? Optional.empty()
                : Optional.of("its key usage does not allow signatures (it may be meant for encryption)");
    }

    /** RFC 5280 §4.2.1.3 by the kind of key: RSA and KEM keys encipher a content key, EC keys agree on one. */
    private static Optional<String> encryption(MailCertificate certificate) {
        ASN1ObjectIdentifier type = type(certificate);
        if (EdECObjectIdentifiers.id_Ed25519.equals(type) || EdECObjectIdentifiers.id_Ed448.equals(type)) {
            return Optional.of("its key can sign and not encrypt");
        }
        boolean agrees = X9ObjectIdentifiers.id_ecPublicKey.equals(type)
                || EdECObjectIdentifiers.id_X25519.equals(type)
                || EdECObjectIdentifiers.id_X448.equals(type);
        boolean enciphers = PKCSObjectIdentifiers.rsaEncryption.equals(type)
                || PKCSObjectIdentifiers.id_RSAES_OAEP.equals(type)
                || type.getId().startsWith(ML_KEM);
        if (!agrees && !enciphers) {
            return Optional.of("its kind of key cannot encrypt");
        }
        KeyUsage usage = KeyUsage.fromExtensions(certificate.holder().getExtensions());
        boolean may = usage == null || usage.hasUsages(agrees ? KeyUsage.keyAgreement : KeyUsage.keyEncipherment);
        return may
                ? Optional.empty()
                : Optional.of("its key usage does not allow " + (agrees ? "key agreement" : "key encipherment")
                        + " (it may be meant for signatures)");
    }

    /** RFC 9935: ML-KEM-512, -768 and -1024 are .1, .2 and .3 below it. */
    private static final String ML_KEM = "2.16.840.1.101.3.4.4.";

    private static ASN1ObjectIdentifier type(MailCertificate certificate) {
        return certificate.holder().getSubjectPublicKeyInfo().getAlgorithm().getAlgorithm();
    }
}
