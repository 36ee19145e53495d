package org.tokend.daemon.rejection;

import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAESOAEPparams;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.jspecify.annotations.Nullable;
import org.tokend.daemon.access.RefusalException;
import org.tokend.protocol.Algorithm;

/** RSAES-OAEP-params (RFC 3560 §3, RFC 8017 §A.2.1): one hash for all, and an empty label, as mail programs use it. */
final class OaepParameters {
    private OaepParameters() {}

    static Algorithm algorithm(@Nullable ASN1Encodable parameters) throws RefusalException {
        RSAESOAEPparams oaep;
        ASN1ObjectIdentifier maskHash;
        try {
            oaep = parameters == null ? new RSAESOAEPparams() : RSAESOAEPparams.getInstance(parameters);
            maskHash = AlgorithmIdentifier.getInstance(
                            oaep.getMaskGenAlgorithm().getParameters())
                    .getAlgorithm();
        } catch (RuntimeException e) {
            throw RecipientInfoReader.malformed();
        }
        ASN1ObjectIdentifier hash = oaep.getHashAlgorithm().getAlgorithm();
        if (!PKCSObjectIdentifiers.id_mgf1.equals(oaep.getMaskGenAlgorithm().getAlgorithm())
                || !hash.equals(maskHash)) {
            throw RecipientInfoReader.unsupported("OAEP with a mask generation that is not MGF1 with the same hash");
        }
        if (!hasEmptyLabel(oaep.getPSourceAlgorithm())) {
            throw RecipientInfoReader.unsupported("OAEP with a label");
        }
        return of(hash);
    }

    private static Algorithm of(ASN1ObjectIdentifier hash) throws RefusalException {
        if (OIWObjectIdentifiers.idSHA1.equals(hash)) {
            return Algorithm.RSA_OAEP_SHA1;
        }
        if (NISTObjectIdentifiers.id_sha256.equals(hash)) {
            return Algorithm.RSA_OAEP_SHA256;
        }
        if (NISTObjectIdentifiers.id_sha384.equals(hash)) {
            return Algorithm.RSA_OAEP_SHA384;
        }
        if (NISTObjectIdentifiers.id_sha512.equals(hash)) {
            return Algorithm.RSA_OAEP_SHA512;
        }
        throw RecipientInfoReader.unsupported("OAEP with the hash " + hash);
    }

    private static boolean hasEmptyLabel(AlgorithmIdentifier source) {
        return PKCSObjectIdentifiers.id_pSpecified.equals(source.getAlgorithm())
                && source.getParameters() instanceof ASN1OctetString label
                && label.getOctets().length == 0;
    }
}
