package org.tokend.smime.cms;

import java.util.EnumSet;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.smime.SMIMECapability;
import org.jspecify.annotations.Nullable;
import org.tokend.smime.certificate.MailCertificate;

/**
 * What somebody says that can be read, as far as it is known here.
 *
 * @param oaep the first that is written here, with the parameters that were named; null where there is none
 */
public record Capabilities(
        Set<ContentAlgorithm> ciphers, @Nullable Oaep oaep) {

    public static final Capabilities NONE = new Capabilities(Set.of(), null);

    public Capabilities {
        ciphers = Set.copyOf(ciphers);
    }

    /** SMIMECapabilities (RFC 8551 §2.5.2). A broken list says nothing, and breaks nothing. */
    static Capabilities of(@Nullable ASN1Encodable list) {
        if (list == null) {
            return NONE;
        }
        try {
            Set<ContentAlgorithm> ciphers = EnumSet.noneOf(ContentAlgorithm.class);
            Oaep oaep = null;
            for (ASN1Encodable each : ASN1Sequence.getInstance(list)) {
                SMIMECapability capability = SMIMECapability.getInstance(each);
                ContentAlgorithm.of(capability.getCapabilityID()).ifPresent(ciphers::add);
                if (oaep == null && capability.getCapabilityID().equals(PKCSObjectIdentifiers.id_RSAES_OAEP)) {
                    oaep = Oaep.of(capability.getParameters()).orElse(null);
                }
            }
            return new Capabilities(ciphers, oaep);
        } catch (RuntimeException broken) {
            return NONE;
        }
    }

    /** What a certificate says for its owner (RFC 4262). */
    public static Capabilities declaredBy(MailCertificate certificate) {
        var extension = certificate.holder().getExtension(PKCSObjectIdentifiers.pkcs_9_at_smimeCapabilities);
        try {
            return extension == null ? NONE : of(extension.getParsedValue());
        } catch (RuntimeException broken) {
            return NONE;
        }
    }
}
