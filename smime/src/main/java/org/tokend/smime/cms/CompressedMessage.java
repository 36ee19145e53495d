package org.tokend.smime.cms;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.tokend.smime.cms.BerReader.Header;
import org.tokend.smime.cms.DecryptionException.Reason;

/** CompressedData (RFC 3274), unpacked as it streams through, and no further than a bomb goes. */
public final class CompressedMessage {

    /** Deflate packs 1032 to 1 at best, which only a bomb reaches; text of mails is packed 3 to 20 to 1. */
    private static final long MAX_RATIO = 200;

    private static final long ALWAYS_ALLOWED = 1 << 20;
    private static final long MAX_SIZE = 2L << 30;
    private static final int SMALL_ELEMENT = 4096;
    private static final int CONTEXT_0 = 0xa0;

    private CompressedMessage() {}

    /** @return the number of bytes unpacked */
    public static long unpack(InputStream ber, OutputStream out) throws IOException {
        ContentOctets octets;
        try {
            octets = content(new BerReader(ber));
        } catch (DecryptionException known) {
            throw known;
        } catch (IOException | RuntimeException broken) {
            throw malformed();
        }
        Inflater inflater = new Inflater();
        try {
            return inflate(octets, inflater, out);
        } catch (DataFormatException broken) {
            throw malformed();
        } finally {
            inflater.end();
        }
    }

    private static DecryptionException malformed() {
        return new DecryptionException(
                Reason.MALFORMED, "the compressed message is damaged or cut off; ask the sender to send it again");
    }

    private static ContentOctets content(BerReader in) throws IOException {
        in.next(BerReader.SEQUENCE);
        in.element(SMALL_ELEMENT);
        in.next(CONTEXT_0);
        in.next(BerReader.SEQUENCE);
        in.element(SMALL_ELEMENT);
        AlgorithmIdentifier algorithm =
                AlgorithmIdentifier.getInstance(ASN1Primitive.fromByteArray(in.element(SMALL_ELEMENT)));
        if (!PKCSObjectIdentifiers.id_alg_zlibCompress.equals(algorithm.getAlgorithm())) {
            throw new DecryptionException(
                    Reason.UNSUPPORTED,
                    "the message is compressed with " + algorithm.getAlgorithm()
                            + ", and only zlib is known (RFC 3274)");
        }
        in.next(BerReader.SEQUENCE);
        ASN1ObjectIdentifier type =
                ASN1ObjectIdentifier.getInstance(ASN1Primitive.fromByteArray(in.element(SMALL_ELEMENT)));
        if (!CMSObjectIdentifiers.data.equals(type)) {
            throw new DecryptionException(Reason.UNSUPPORTED, "what is compressed is no mail: its type is " + type);
        }
        in.next(CONTEXT_0);
        Header header = in.next();
        return new ContentOctets(in, header, header.tag() == BerReader.CONSTRUCTED_OCTET_STRING);
    }

    private static long inflate(ContentOctets octets, Inflater inflater, OutputStream out)
            throws IOException, DataFormatException {
        byte[] packed = new byte[1 << 14];
        byte[] plain = new byte[1 << 16];
        long read = 0;
        long written = 0;
        while (!inflater.finished()) {
            int count = inflater.inflate(plain);
            if (count > 0) {
                written += count;
                if (written > MAX_SIZE || written > ALWAYS_ALLOWED + MAX_RATIO * read) {
                    throw new DecryptionException(
                            Reason.UNSUPPORTED,
                            "the message unpacks to more than " + MAX_RATIO
                                    + " times its size, as only a decompression bomb does; nothing is shown");
                }
                out.write(plain, 0, count);
            } else if (inflater.needsInput() && !inflater.finished()) {
                int more = next(octets, packed);
                read += more;
                inflater.setInput(packed, 0, more);
            } else if (inflater.needsDictionary()) {
                throw malformed();
            }
        }
        return written;
    }

    private static int next(ContentOctets octets, byte[] packed) throws IOException {
        int count;
        try {
            count = octets.read(packed);
        } catch (IOException | RuntimeException broken) {
            throw malformed();
        }
        if (count < 0) {
            throw malformed();
        }
        return count;
    }
}
