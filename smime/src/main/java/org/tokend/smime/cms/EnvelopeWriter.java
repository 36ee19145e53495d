package org.tokend.smime.cms;

import java.io.IOException;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.cms.GCMParameters;
import org.bouncycastle.asn1.cms.RecipientInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.tokend.smime.cms.ContentAlgorithm.Mode;

/**
 * Writes EnvelopedData (RFC 5652 §6.1) or AuthEnvelopedData (RFC 5083 §2.1), BER of indefinite length, around a content that
 * streams through. What reaches {@code out} is never plaintext.
 */
public final class EnvelopeWriter {

    private static final int SEQUENCE = 0x30;
    private static final int CONTEXT_0 = 0xa0;
    private static final int INDEFINITE = 0x80;
    private static final int PIECE = 1 << 14;
    private static final int GCM_IV = 12;
    private static final int TAG = 16;

    private final ContentAlgorithm algorithm;
    private final List<ContentRecipient> recipients;
    private final SecureRandom random;

    /** @param algorithm AES in CBC or GCM */
    public EnvelopeWriter(ContentAlgorithm algorithm, List<ContentRecipient> recipients, SecureRandom random) {
        if (recipients.isEmpty() || !algorithm.isWritten()) {
            throw new IllegalArgumentException("encryption needs a recipient and a cipher that is still written");
        }
        this.algorithm = algorithm;
        this.recipients = List.copyOf(recipients);
        this.random = random;
    }

    /** Writes the content; called once. */
    public void write(SignedDataWriter.Content content, OutputStream out) throws IOException {
        byte[] key = new byte[algorithm.keyLength()];
        random.nextBytes(key);
        try {
            List<RecipientInfo> infos = new RecipientInfos(random).wrap(key, recipients);
            write(content, key, infos, out);
        } catch (GeneralSecurityException failure) {
            throw new IOException("the mail could not be encrypted: " + failure.getMessage(), failure);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    private void write(SignedDataWriter.Content content, byte[] key, List<RecipientInfo> infos, OutputStream out)
            throws IOException, GeneralSecurityException {
        boolean gcm = algorithm.mode() == Mode.GCM;
        byte[] iv = new byte[gcm ? GCM_IV : TAG];
        random.nextBytes(iv);
        Cipher cipher = cipher(key, iv, gcm);
        open(out, SEQUENCE);
        out.write((gcm ? CMSObjectIdentifiers.authEnvelopedData : CMSObjectIdentifiers.envelopedData).getEncoded());
        open(out, CONTEXT_0);
        open(out, SEQUENCE);
        out.write(version(infos, gcm).getEncoded());
        ASN1EncodableVector set = new ASN1EncodableVector();
        infos.forEach(set::add);
        out.write(new DERSet(set).getEncoded(ASN1Encoding.DER));
        open(out, SEQUENCE);
        out.write(CMSObjectIdentifiers.data.getEncoded());
        out.write(identifier(iv, gcm).getEncoded());
        open(out, CONTEXT_0);
        Encrypting encrypting = new Encrypting(cipher, out, gcm ? TAG : 0);
        content.writeTo(encrypting);
        byte[] tag = encrypting.finish();
        // encryptedContent, EncryptedContentInfo
        close(out, 2);
        if (gcm) {
            out.write(new DEROctetString(tag).getEncoded());
        }
        // the data, its explicit tag, ContentInfo
        close(out, 3);
    }

    private Cipher cipher(byte[] key, byte[] iv, boolean gcm) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(gcm ? "AES/GCM/NoPadding" : "AES/CBC/PKCS5Padding");
        cipher.init(
                Cipher.ENCRYPT_MODE,
                new SecretKeySpec(key, "AES"),
                gcm ? new GCMParameterSpec(TAG * 8, iv) : new IvParameterSpec(iv));
        return cipher;
    }

    private AlgorithmIdentifier identifier(byte[] iv, boolean gcm) {
        return new AlgorithmIdentifier(algorithm.oid(), gcm ? new GCMParameters(iv, TAG) : new DEROctetString(iv));
    }

    /** RFC 5652 §6.1: 2 where a recipient is not named by issuer and number, or agrees on a key; RFC 5083 §2.1: 0. */
    private static ASN1Integer version(List<RecipientInfo> infos, boolean gcm) {
        boolean all = infos.stream()
                .allMatch(info -> info.getInfo() instanceof org.bouncycastle.asn1.cms.KeyTransRecipientInfo);
        return new ASN1Integer(gcm || all ? 0 : 2);
    }

    private static void open(OutputStream out, int tag) throws IOException {
        out.write(tag);
        out.write(INDEFINITE);
    }

    private static void close(OutputStream out, int count) throws IOException {
        out.write(new byte[2 * count]);
    }

    /** Encrypts into the pieces of a constructed octet string. */
    private static final class Encrypting extends OutputStream {
        private final Cipher cipher;
        private final OutputStream out;
        private final int tagLength;
        private final byte[] piece = new byte[PIECE];
        private int length;

        Encrypting(Cipher cipher, OutputStream out, int tagLength) {
            this.cipher = cipher;
            this.out = out;
            this.tagLength = tagLength;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
            int from = offset;
            int left = count;
            while (left > 0) {
                int step = Math.min(left, PIECE);
                byte[] encrypted = cipher.update(bytes, from, step);
                append(encrypted == null ? new byte[0] : encrypted, encrypted == null ? 0 : encrypted.length);
                from += step;
                left -= step;
            }
        }

        private void append(byte[] encrypted, int count) throws IOException {
            int from = 0;
            while (from < count) {
                int step = Math.min(count - from, PIECE - length);
                System.arraycopy(encrypted, from, piece, length, step);
                length += step;
                from += step;
                if (length == PIECE) {
                    emit();
                }
            }
        }

        private void emit() throws IOException {
            if (length > 0) {
                out.write(new DEROctetString(Arrays.copyOf(piece, length)).getEncoded());
                length = 0;
            }
        }

        /** @return the tag of GCM, which travels apart from the content (RFC 5083 §2.1) */
        byte[] finish() throws IOException, GeneralSecurityException {
            byte[] last = cipher.doFinal();
            append(last, last.length - tagLength);
            emit();
            return Arrays.copyOfRange(last, last.length - tagLength, last.length);
        }
    }
}
