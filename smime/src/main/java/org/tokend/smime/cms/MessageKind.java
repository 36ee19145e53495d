package org.tokend.smime.cms;

import java.io.IOException;
import java.io.InputStream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;

/** What a CMS message is by its own word; labels in headers are often wrong, and sometimes on purpose. */
public enum MessageKind {
    SIGNED,
    ENCRYPTED,
    COMPRESSED,
    OTHER;

    private static final int LONGEST_TYPE = 64;

    /** Reads the start of the message. */
    public static MessageKind of(InputStream ber) throws IOException {
        BerReader in = new BerReader(ber);
        try {
            in.next(BerReader.SEQUENCE);
            ASN1ObjectIdentifier type =
                    ASN1ObjectIdentifier.getInstance(ASN1Primitive.fromByteArray(in.element(LONGEST_TYPE)));
            if (CMSObjectIdentifiers.signedData.equals(type)) {
                return SIGNED;
            }
            if (CMSObjectIdentifiers.compressedData.equals(type)) {
                return COMPRESSED;
            }
            boolean encrypted = CMSObjectIdentifiers.envelopedData.equals(type)
                    || CMSObjectIdentifiers.authEnvelopedData.equals(type);
            return encrypted ? ENCRYPTED : OTHER;
        } catch (IOException | RuntimeException noCms) {
            return OTHER;
        }
    }
}
