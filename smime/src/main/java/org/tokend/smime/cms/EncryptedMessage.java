package org.tokend.smime.cms;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.cms.RecipientInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.tokend.smime.cms.BerReader.Header;
import org.tokend.smime.cms.DecryptionException.Reason;

/**
 * EnvelopedData (RFC 5652 §6.1) or AuthEnvelopedData (RFC 5083 §2.1), read from its start to the beginning of the content;
 * the content is read as it is asked for, and what follows it at the end.
 */
final class EncryptedMessage {

    /** A hostile message must not fill the heap. */
    private static final int MAX_ELEMENT = 1 << 20;

    private static final int MAX_RECIPIENT = 1 << 15;
    private static final int MAX_RECIPIENTS = 12_000;

    private static final int SMALL_ELEMENT = 4096;

    /** Context tags: explicit content, implicit originatorInfo and encryptedContent are 0, authAttrs is 1. */
    private static final int CONTEXT_0 = 0xa0;

    private static final int CONTEXT_0_PRIMITIVE = 0x80;
    private static final int CONTEXT_1 = 0xa1;

    private static final byte[] NOTHING = {};

    private final BerReader in;
    private final boolean authenticated;
    private final List<RecipientInfo> recipients;
    private final AlgorithmIdentifier identifier;
    private final ContentAlgorithm algorithm;
    private final boolean indefinite;
    private final ContentOctets content;

    /** The reader stands before the version of the EnvelopedData or AuthEnvelopedData. */
    private EncryptedMessage(BerReader in, boolean authenticated) throws IOException {
        this.in = in;
        this.authenticated = authenticated;
        in.element(SMALL_ELEMENT);
        if (in.peek().tag() == CONTEXT_0) {
            in.element(MAX_ELEMENT);
        }
        this.recipients = recipients(in);
        this.indefinite = in.next(BerReader.SEQUENCE).isIndefinite();
        in.element(SMALL_ELEMENT);
        this.identifier = AlgorithmIdentifier.getInstance(ASN1Primitive.fromByteArray(in.element(SMALL_ELEMENT)));
        this.algorithm = supported(identifier, authenticated);
        Header octets = in.next();
        if (octets.tag() != CONTEXT_0 && octets.tag() != CONTEXT_0_PRIMITIVE) {
            throw new DecryptionException(Reason.UNSUPPORTED, "the encrypted content is not in the message");
        }
        this.content = new ContentOctets(in, octets, octets.tag() == CONTEXT_0);
    }

    static EncryptedMessage read(InputStream ber) throws IOException {
        BerReader in = new BerReader(ber);
        try {
            in.next(BerReader.SEQUENCE);
            ASN1ObjectIdentifier type =
                    ASN1ObjectIdentifier.getInstance(ASN1Primitive.fromByteArray(in.element(SMALL_ELEMENT)));
            boolean authenticated = isAuthenticated(type);
            in.next(CONTEXT_0);
            in.next(BerReader.SEQUENCE);
            return new EncryptedMessage(in, authenticated);
        } catch (DecryptionException known) {
            throw known;
        } catch (IOException | RuntimeException broken) {
            throw malformed(broken);
        }
    }

    private static boolean isAuthenticated(ASN1ObjectIdentifier type) throws DecryptionException {
        if (CMSObjectIdentifiers.envelopedData.equals(type)) {
            return false;
        }
        if (CMSObjectIdentifiers.authEnvelopedData.equals(type)) {
            return true;
        }
        throw new DecryptionException(
                Reason.UNSUPPORTED,
                CMSObjectIdentifiers.signedData.equals(type)
                        ? "the message is signed but not encrypted: there is nothing to decrypt"
                        : "the message is not encrypted: its CMS type is " + type);
    }

    /** One after the other, because the set of a large list is larger than any other element. */
    private static List<RecipientInfo> recipients(BerReader in) throws IOException {
        Header set = in.next(BerReader.SET);
        long left = set.length();
        List<RecipientInfo> recipients = new ArrayList<>();
        while (set.isIndefinite() ? !in.peek().isEnd() : left > 0) {
            byte[] encoded = in.element(MAX_RECIPIENT);
            left -= encoded.length;
            recipients.add(RecipientInfo.getInstance(ASN1Primitive.fromByteArray(encoded)));
            if (recipients.size() > MAX_RECIPIENTS) {
                throw new DecryptionException(
                        Reason.UNSUPPORTED,
                        "the message is encrypted to more than " + MAX_RECIPIENTS
                                + " recipients, as only a message is that is made to keep programs busy");
            }
        }
        if (set.isIndefinite()) {
            in.next();
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

    /** Fills the buffer unless the content ends: it may come in pieces that are far smaller. */
    int readContent(byte[] buffer) throws IOException {
        try {
            return content.readFully(buffer);
        } catch (IOException | RuntimeException broken) {
            throw malformed(broken);
        }
    }

    /**
     * What stands behind the content of AuthEnvelopedData.
     *
     * @param attributes DER of the SET OF that the mac covers (RFC 5083 §2.2), or empty
     */
    record Trailer(byte[] attributes, byte[] mac) {}

    /** To be called when the content is read. */
    Trailer trailer() throws IOException {
        if (!authenticated) {
            return new Trailer(NOTHING, NOTHING);
        }
        try {
            if (indefinite && !in.next().isEnd()) {
                throw new IOException("something behind the encrypted content");
            }
            byte[] attributes = NOTHING;
            if (in.peek().tag() == CONTEXT_1) {
                byte[] encoded = in.element(MAX_ELEMENT);
                encoded[0] = BerReader.SET;
                attributes = ASN1Primitive.fromByteArray(encoded).getEncoded(ASN1Encoding.DER);
            }
            byte[] mac = in.element(SMALL_ELEMENT);
            return new Trailer(
                    attributes,
                    ASN1OctetString.getInstance(ASN1Primitive.fromByteArray(mac))
                            .getOctets());
        } catch (IOException | RuntimeException broken) {
            throw malformed(broken);
        }
    }

    /** The parser throws unchecked exceptions of many kinds at bad input; the text of none of them helps a person. */
    static DecryptionException malformed(Exception broken) {
        DecryptionException malformed =
                new DecryptionException(Reason.MALFORMED, "the input is not a whole CMS message; it may be cut off");
        malformed.initCause(broken);
        return malformed;
    }
}
