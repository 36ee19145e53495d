package org.tokend.smime.cms;

import java.security.spec.MGF1ParameterSpec;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAESOAEPparams;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.jspecify.annotations.Nullable;
import org.tokend.smime.certificate.MailCertificate;

/**
 * RSA-OAEP as the owner of a key asks for it (RFC 4055 §4.1), without a label.
 *
 * @param mask the hash of the mask generation, MGF1
 */
public record Oaep(ContentDigest hash, ContentDigest mask) {

    /** For those who ask for OAEP and not for a hash. */
    public static final Oaep USUAL = new Oaep(ContentDigest.SHA256, ContentDigest.SHA256);

    /** SHA-1 is no weakness here (RFC 8017 appendix B.1), and the only one that some cards know. */
    private static final Set<ContentDigest> WRITTEN =
            EnumSet.of(ContentDigest.SHA1, ContentDigest.SHA256, ContentDigest.SHA384, ContentDigest.SHA512);

    private static final String NAME = "RSA-OAEP";

    /** @return empty for what is not written here: another hash, another mask generation, a label, or nonsense */
    static Optional<Oaep> of(@Nullable ASN1Encodable parameters) {
        if (parameters == null) {
            return Optional.empty();
        }
        try {
            RSAESOAEPparams params = RSAESOAEPparams.getInstance(parameters);
            AlgorithmIdentifier generation = params.getMaskGenAlgorithm();
            AlgorithmIdentifier source = params.getPSourceAlgorithm();
            if (!PKCSObjectIdentifiers.id_mgf1.equals(generation.getAlgorithm())
                    || !PKCSObjectIdentifiers.id_pSpecified.equals(source.getAlgorithm())
                    || ASN1OctetString.getInstance(source.getParameters()).getOctets().length > 0) {
                return Optional.empty();
            }
            return ContentDigest.of(params.getHashAlgorithm().getAlgorithm())
                    .flatMap(hash -> ContentDigest.of(AlgorithmIdentifier.getInstance(generation.getParameters())
                                    .getAlgorithm())
                            .map(mask -> new Oaep(hash, mask)))
                    .filter(Oaep::isWritten);
        } catch (RuntimeException broken) {
            return Optional.empty();
        }
    }

    /** Whether a key for OAEP alone says with which parameters (RFC 4055 §4.1): then these and no others. */
    public static boolean isNamedByKey(MailCertificate certificate) {
        ASN1Encodable parameters = parameters(certificate);
        return parameters != null && !DERNull.INSTANCE.equals(parameters);
    }

    /** Of a key for OAEP alone; empty where it names none, or one that is not written here. */
    public static Optional<Oaep> ofKey(MailCertificate certificate) {
        return isNamedByKey(certificate) ? of(parameters(certificate)) : Optional.empty();
    }

    private static @Nullable ASN1Encodable parameters(MailCertificate certificate) {
        return certificate.holder().getSubjectPublicKeyInfo().getAlgorithm().getParameters();
    }

    private boolean isWritten() {
        return WRITTEN.contains(hash) && WRITTEN.contains(mask);
    }

    /** As {@link #toString} writes it. */
    public static Optional<Oaep> named(String name) {
        return WRITTEN.stream()
                .flatMap(hash -> WRITTEN.stream().map(mask -> new Oaep(hash, mask)))
                .filter(each -> each.toString().equals(name))
                .findFirst();
    }

    AlgorithmIdentifier identifier() {
        return new AlgorithmIdentifier(
                PKCSObjectIdentifiers.id_RSAES_OAEP,
                new RSAESOAEPparams(
                        identifier(hash),
                        new AlgorithmIdentifier(PKCSObjectIdentifiers.id_mgf1, identifier(mask)),
                        RSAESOAEPparams.DEFAULT_P_SOURCE_ALGORITHM));
    }

    private static AlgorithmIdentifier identifier(ContentDigest digest) {
        return new AlgorithmIdentifier(digest.oid(), DERNull.INSTANCE);
    }

    OAEPParameterSpec specification() {
        return new OAEPParameterSpec(
                hash.jcaName(), "MGF1", new MGF1ParameterSpec(mask.jcaName()), PSource.PSpecified.DEFAULT);
    }

    /** {@code RSA-OAEP} for the usual one, else with its hashes: {@code RSA-OAEP-SHA-512-MGF1-SHA-1}. */
    @Override
    public String toString() {
        if (equals(USUAL)) {
            return NAME;
        }
        return String.join(
                "-",
                Stream.of(NAME, hash.jcaName(), mask == hash ? "" : "MGF1", mask == hash ? "" : mask.jcaName())
                        .filter(each -> !each.isEmpty())
                        .toList());
    }

    /** For people. */
    public String text() {
        return "RSA-OAEP with " + hash.jcaName() + (mask == hash ? "" : " and a mask by " + mask.jcaName());
    }
}
