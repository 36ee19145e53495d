package org.tokend.smime.cms;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetStringParser;
import org.bouncycastle.asn1.ASN1SequenceParser;
import org.bouncycastle.asn1.ASN1Set;
import org.bouncycastle.asn1.ASN1SetParser;
import org.bouncycastle.asn1.ASN1StreamParser;
import org.bouncycastle.asn1.BERTags;
import org.bouncycastle.asn1.cms.AuthEnvelopedDataParser;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.cms.ContentInfoParser;
import org.bouncycastle.asn1.cms.EncryptedContentInfoParser;
import org.bouncycastle.asn1.cms.EnvelopedDataParser;
import org.bouncycastle.asn1.cms.RecipientInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.jspecify.annotations.Nullable;
import org.tokend.smime.cms.DecryptionException.Reason;

/**
 * EnvelopedData (RFC 5652 §6) or AuthEnvelopedData (RFC 5083), read from its start to the beginning of the content; the
 * content is read as it is asked for, and what follows it at the end.
 */
final class EncryptedMessage {

    /** Two thousand recipients fit; a hostile message must not fill the heap. */
    private static final int MAX_HEAD = 1 << 20;

    private static final byte[] NOTHING = {};

    private final HeadLimit limit;
    private final @Nullable AuthEnvelopedDataParser authenticated;
    private final List<RecipientInfo> recipients;
    private final AlgorithmIdentifier identifier;
    private final ContentAlgorithm algorithm;
    private final InputStream content;

    private EncryptedMessage(
            HeadLimit limit,
            @Nullable AuthEnvelopedDataParser authenticated,
            List<RecipientInfo> recipients,
            EncryptedContentInfoParser info)
            throws IOException {
        this.limit = limit;
        this.authenticated = authenticated;
        this.recipients = recipients;
        this.identifier = info.getContentEncryptionAlgorithm();
        this.algorithm = supported(identifier, authenticated != null);
        ASN1Encodable octets = info.getEncryptedContent(BERTags.OCTET_STRING);
        if (!(octets instanceof ASN1OctetStringParser parser)) {
            throw new DecryptionException(Reason.UNSUPPORTED, "the encrypted content is not in the message");
        }
        this.content = parser.getOctetStream();
        limit.lift();
    }

    static EncryptedMessage read(InputStream ber) throws IOException {
        HeadLimit limit = new HeadLimit(ber, MAX_HEAD);
        try {
            // Without a limit of its own the parser takes the size of the heap for the longest possible content.
            Object start = new ASN1StreamParser(limit, Integer.MAX_VALUE).readObject();
            if (!(start instanceof ASN1SequenceParser sequence)) {
                throw new DecryptionException(Reason.MALFORMED, "the input is not a CMS message");
            }
            ContentInfoParser info = new ContentInfoParser(sequence);
            return read(limit, info.getContentType(), info);
        } catch (DecryptionException known) {
            throw known;
        } catch (IOException | RuntimeException broken) {
            throw malformed(broken);
        }
    }

    private static EncryptedMessage read(HeadLimit limit, ASN1ObjectIdentifier type, ContentInfoParser info)
            throws IOException {
        if (CMSObjectIdentifiers.envelopedData.equals(type)) {
            EnvelopedDataParser data = new EnvelopedDataParser(sequence(info));
            data.getOriginatorInfo();
            List<RecipientInfo> recipients = recipients(data.getRecipientInfos());
            return new EncryptedMessage(limit, null, recipients, data.getEncryptedContentInfo());
        }
        if (CMSObjectIdentifiers.authEnvelopedData.equals(type)) {
            AuthEnvelopedDataParser data = new AuthEnvelopedDataParser(sequence(info));
            data.getOriginatorInfo();
            List<RecipientInfo> recipients = recipients(data.getRecipientInfos());
            return new EncryptedMessage(limit, data, recipients, data.getAuthEncryptedContentInfo());
        }
        if (CMSObjectIdentifiers.signedData.equals(type)) {
            throw new DecryptionException(
                    Reason.UNSUPPORTED, "the message is signed but not encrypted: there is nothing to decrypt");
        }
        throw new DecryptionException(Reason.UNSUPPORTED, "the message is not encrypted: its CMS type is " + type);
    }

    private static ASN1SequenceParser sequence(ContentInfoParser info) throws IOException {
        ASN1Encodable content = info.getContent(BERTags.SEQUENCE);
        if (content instanceof ASN1SequenceParser parser) {
            return parser;
        }
        throw new DecryptionException(Reason.MALFORMED, "the CMS message is empty");
    }

    private static List<RecipientInfo> recipients(ASN1SetParser parser) {
        ASN1Set set = ASN1Set.getInstance(parser.toASN1Primitive());
        List<RecipientInfo> recipients = new ArrayList<>();
        for (ASN1Encodable each : set) {
            recipients.add(RecipientInfo.getInstance(each));
        }
        return recipients;
    }

    private static ContentAlgorithm supported(AlgorithmIdentifier identifier, boolean authenticated)
            throws DecryptionException {
        return ContentAlgorithm.of(identifier.getAlgorithm())
                .filter(known -> known.isAuthenticated() == authenticated)
                .orElseThrow(() -> new DecryptionException(
                        Reason.UNSUPPORTED,
                        "the content is encrypted with " + identifier.getAlgorithm() + ", which is not supported"));
    }

    List<RecipientInfo> recipients() {
        return recipients;
    }

    ContentAlgorithm algorithm() {
        return algorithm;
    }

    AlgorithmIdentifier identifier() {
        return identifier;
    }

    int readContent(byte[] buffer) throws IOException {
        try {
            return content.read(buffer, 0, buffer.length);
        } catch (IOException | RuntimeException broken) {
            throw malformed(broken);
        }
    }

    /** What stands behind the content, to be asked for in this order. */
    byte[] authenticatedAttributes() throws IOException {
        if (authenticated == null) {
            return NOTHING;
        }
        limit.renew();
        try {
            ASN1SetParser attributes = authenticated.getAuthAttrs();
            return attributes == null
                    ? NOTHING
                    : ASN1Set.getInstance(attributes.toASN1Primitive()).getEncoded(ASN1Encoding.DER);
        } catch (IOException | RuntimeException broken) {
            throw malformed(broken);
        }
    }

    byte[] mac() throws IOException {
        if (authenticated == null) {
            return NOTHING;
        }
        try {
            return authenticated.getMac().getOctets();
        } catch (IOException | RuntimeException broken) {
            throw malformed(broken);
        }
    }

    /** The parser throws unchecked exceptions of many kinds at bad input; the text of none of them helps a person. */
    private static DecryptionException malformed(Exception broken) {
        DecryptionException malformed =
                new DecryptionException(Reason.MALFORMED, "the input is not a whole CMS message; it may be cut off");
        malformed.initCause(broken);
        return malformed;
    }
}
