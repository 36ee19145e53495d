package org.tokend.smime;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.HexFormat;
import org.tokend.smime.certificate.CertificateChain;
import org.tokend.smime.certificate.CertificateChoiceException;
import org.tokend.smime.certificate.CertifiedKey;
import org.tokend.smime.cms.SignatureScheme;
import org.tokend.smime.cms.SignedDataWriter;
import org.tokend.smime.cms.TokenContentSigner;
import org.tokend.smime.cms.TokenKeys;
import org.tokend.smime.mime.Base64Output;
import org.tokend.smime.mime.KeepOpen;
import org.tokend.smime.mime.LineFeedOutput;
import org.tokend.smime.mime.Mail;

/** Signs mails (RFC 8551 §3.5). */
public final class MessageSigner {

    private static final byte[] CRLF = {'\r', '\n'};
    private static final String PREAMBLE = "This is an S/MIME signed message.";

    private final TokenKeys keys;
    private final Clock clock;
    private final SecureRandom random;

    public MessageSigner(TokenKeys keys, Clock clock, SecureRandom random) {
        this.keys = keys;
        this.clock = clock;
        this.random = random;
    }

    /**
     * Writes the signed mail, with the line ends of the original. The signature comes last: when this throws, what was
     * written so far is worthless and must be thrown away, so {@code out} should be a temporary file.
     *
     * @return the scheme that was used
     */
    public SignatureScheme sign(Mail mail, CertifiedKey signer, SigningOptions options, OutputStream out)
            throws IOException {
        SignatureScheme scheme = scheme(signer, options);
        OutputStream buffered = new BufferedOutputStream(new KeepOpen(out), 1 << 16);
        OutputStream target = mail.usesLineFeeds() ? new LineFeedOutput(buffered) : buffered;
        mail.writeMailFields(target);
        line(target, "MIME-Version: 1.0");
        entity(mail, signer, options).writeTo(target);
        target.close();
        buffered.flush();
        return scheme;
    }

    /** Writes the signed entity alone, to be put into something else: encrypted, or signed once more. */
    public SignedDataWriter.Content entity(Mail mail, CertifiedKey signer, SigningOptions options) throws IOException {
        SignatureScheme scheme = scheme(signer, options);
        TokenContentSigner contentSigner =
                new TokenContentSigner(keys, signer.key().fingerprint(), scheme, "sign a mail");
        SignedDataWriter signedData = new SignedDataWriter(
                contentSigner,
                scheme,
                CertificateChain.of(signer.certificate(), options.known()),
                options.encryptTo(),
                clock.instant());
        return out -> {
            if (options.opaque()) {
                writeOpaque(mail, signedData, out);
            } else {
                writeClear(mail, signedData, scheme, out);
            }
        };
    }

    private static SignatureScheme scheme(CertifiedKey signer, SigningOptions options) throws IOException {
        SignatureScheme wanted = options.scheme();
        if (wanted == null) {
            return SignatureScheme.preferredFor(signer.key())
                    .orElseThrow(() -> cannot(signer, "any algorithm that S/MIME knows"));
        }
        if (!signer.key().algorithms().contains(wanted.algorithm())) {
            throw cannot(signer, wanted.algorithm().wireName());
        }
        return wanted;
    }

    private static CertificateChoiceException cannot(CertifiedKey signer, String what) {
        return new CertificateChoiceException(
                CertificateChoiceException.Reason.ALL_REFUSED,
                "the key " + signer.key().uri() + " does not sign with " + what
                        + "; \"tokenctl keys --long\" shows what it can",
                java.util.List.of());
    }

    private void writeClear(Mail mail, SignedDataWriter signedData, SignatureScheme scheme, OutputStream out)
            throws IOException {
        String boundary = boundary();
        line(out, "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\";");
        line(out, "\tmicalg=" + scheme.micalg() + "; boundary=\"" + boundary + "\"");
        line(out, "");
        line(out, PREAMBLE);
        line(out, "");
        line(out, "--" + boundary);
        byte[] signature = signedData.detached(digest -> mail.writeEntity(digest, out));
        line(out, "");
        line(out, "--" + boundary);
        line(out, "Content-Type: application/pkcs7-signature; name=\"smime.p7s\"");
        line(out, "Content-Transfer-Encoding: base64");
        line(out, "Content-Disposition: attachment; filename=\"smime.p7s\"");
        line(out, "Content-Description: S/MIME cryptographic signature");
        line(out, "");
        out.write(Base64.getMimeEncoder(64, CRLF).encode(signature));
        line(out, "");
        line(out, "");
        line(out, "--" + boundary + "--");
    }

    private void writeOpaque(Mail mail, SignedDataWriter signedData, OutputStream out) throws IOException {
        line(out, "Content-Type: application/pkcs7-mime; smime-type=signed-data; name=\"smime.p7m\"");
        line(out, "Content-Transfer-Encoding: base64");
        line(out, "Content-Disposition: attachment; filename=\"smime.p7m\"");
        line(out, "Content-Description: S/MIME signed message");
        line(out, "");
        try (OutputStream base64 = new Base64Output(out, 64)) {
            signedData.enclosing(mail::writeEntity, base64);
        }
        line(out, "");
    }

    /** 128 random bits: it cannot stand in the mail by chance, and nobody can put it there beforehand. */
    private String boundary() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return "signed-" + HexFormat.of().formatHex(bytes);
    }

    private static void line(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.write(CRLF);
    }
}
