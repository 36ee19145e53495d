package org.tokend.smime;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import org.bouncycastle.asn1.BEROctetString;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.cms.CompressedData;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.jspecify.annotations.Nullable;
import org.tokend.fixtures.keys.TestCa;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.smime.certificate.CertifiedKey;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.cms.ContentAlgorithm;
import org.tokend.smime.cms.ContentRecipient;
import org.tokend.smime.cms.EnvelopeWriter;
import org.tokend.smime.cms.Oaep;
import org.tokend.smime.cms.SignatureScheme;
import org.tokend.smime.mime.Mail;
import org.tokend.smime.mime.Source;
import org.tokend.smime.testing.SoftwareKeys;

/** One honest mail of each kind, from and to Alice, whose keys are in software. */
final class MailSeeds {
    private static final byte[] PLAIN =
            ascii("From: Alice <alice@example.org>\r\nTo: bob@example.org\r\nSubject: Lunch\r\n\r\n" + "At noon?\r\n");
    private static final byte[] PARTS = ascii("From: alice@example.org\r\nMIME-Version: 1.0\r\n"
            + "Content-Type: multipart/mixed; boundary=\"b1\"\r\n\r\n--b1\r\nContent-Type: text/plain; charset=utf-8\r\n"
            + "Content-Transfer-Encoding: quoted-printable\r\n\r\nGr=C3=BC=C3=9Fe=\r\n.\r\n--b1\r\n"
            + "Content-Type: application/octet-stream; name=\"a.bin\"\r\nContent-Transfer-Encoding: base64\r\n\r\nAAEC\r\n"
            + "--b1--\r\n");

    private final TestCa ca = TestCa.create();
    private final SecureRandom random = new SecureRandom();
    final SoftwareKeys alice = new SoftwareKeys();

    MailSeeds() {
        for (TestKey key : new TestKey[] {TestKey.RSA_2048_A, TestKey.P256_A, TestKey.ED25519}) {
            alice.add(key, ca.mail(key.publicKey(), "alice@example.org"));
        }
    }

    List<MailCertificate> roots() {
        return List.of(certificate(ca.root()));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static MailCertificate certificate(X509Certificate certificate) {
        try {
            return MailCertificate.of(certificate.getEncoded()).orElseThrow();
        } catch (CertificateEncodingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    List<byte[]> all() throws IOException {
        List<byte[]> all = new ArrayList<>();
        byte[] clear = signed(PARTS, 0, false, null);
        all.add(clear);
        all.add(signed(PLAIN, 1, false, null));
        all.add(signed(PLAIN, 2, true, null));
        byte[] opaque = signed(PLAIN, 0, true, SignatureScheme.RSA_PSS_SHA256);
        all.add(opaque);
        byte[] both = encrypted(PLAIN, ContentAlgorithm.AES_256_CBC, recipient(0, false), recipient(1, false));
        all.add(both);
        all.add(mail("enveloped-data", both));
        all.add(encrypted(PLAIN, ContentAlgorithm.AES_128_GCM, recipient(0, true)));
        all.add(mail("authEnveloped-data", encrypted(clear, ContentAlgorithm.AES_256_GCM, recipient(1, false))));
        all.add(mail("compressed-data", compressed(PLAIN)));
        all.add(mail(
                "enveloped-data",
                encrypted(
                        mail("compressed-data", compressed(opaque)),
                        ContentAlgorithm.AES_128_CBC,
                        recipient(1, false))));
        all.add(pem(both));
        return all;
    }

    /** The mails, each with a signature on its own, that are inside those. */
    List<byte[]> signed() throws IOException {
        return List.of(signed(PARTS, 0, false, null), signed(PLAIN, 0, true, null), signed(PLAIN, 0, false, null));
    }

    private byte[] signed(byte[] mail, int key, boolean opaque, @Nullable SignatureScheme scheme) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new MessageSigner(alice, Clock.systemUTC(), random)
                .sign(
                        Mail.read(Source.of(mail)),
                        CertifiedKey.of(alice.list()).get(key),
                        new SigningOptions(opaque, scheme, List.of(certificate(ca.issuing())), null),
                        out);
        return out.toByteArray();
    }

    private ContentRecipient recipient(int key, boolean oaep) {
        return new ContentRecipient(CertifiedKey.of(alice.list()).get(key).certificate(), oaep ? Oaep.USUAL : null);
    }

    private byte[] encrypted(byte[] mail, ContentAlgorithm algorithm, ContentRecipient... recipients)
            throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new EnvelopeWriter(algorithm, List.of(recipients), random).write(stream -> stream.write(mail), out);
        return out.toByteArray();
    }

    static byte[] compressed(byte[] content) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(packed)) {
            deflater.write(content);
        }
        CompressedData data = new CompressedData(
                new AlgorithmIdentifier(PKCSObjectIdentifiers.id_alg_zlibCompress),
                new ContentInfo(CMSObjectIdentifiers.data, new BEROctetString(packed.toByteArray())));
        return new ContentInfo(CMSObjectIdentifiers.compressedData, data).getEncoded();
    }

    private static byte[] mail(String type, byte[] cms) {
        ByteArrayOutputStream mail = new ByteArrayOutputStream();
        mail.writeBytes(ascii("From: alice@example.org\r\nContent-Type: application/pkcs7-mime; smime-type=" + type
                + "; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n"));
        mail.writeBytes(Base64.getMimeEncoder().encode(cms));
        mail.writeBytes(ascii("\r\n"));
        return mail.toByteArray();
    }

    private static byte[] pem(byte[] cms) {
        return ascii("-----BEGIN CMS-----\n"
                + Base64.getMimeEncoder(64, ascii("\n")).encodeToString(cms)
                + "\n-----END CMS-----\n");
    }
}
