package org.tokend.smime.cms;

import java.util.EnumSet;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.smime.SMIMECapability;
import org.tokend.smime.certificate.MailCertificate;

/** What a certificate says that its owner can read (RFC 4262). */
public final class DeclaredCiphers {

    private DeclaredCiphers() {}

    /** A broken list says nothing, and breaks nothing. */
    public static Set<ContentAlgorithm> of(MailCertificate certificate) {
        Set<ContentAlgorithm> declared = EnumSet.noneOf(ContentAlgorithm.class);
        var extension = certificate.holder().getExtension(PKCSObjectIdentifiers.pkcs_9_at_smimeCapabilities);
        if (extension == null) {
            return declared;
        }
        try {
            for (ASN1Encodable each : ASN1Sequence.getInstance(extension.getParsedValue())) {
                ContentAlgorithm.of(SMIMECapability.getInstance(each).getCapabilityID())
                        .ifPresent(declared::add);
            }
            return declared;
        } catch (RuntimeException broken) {
            return Set.of();
        }
    }
}
