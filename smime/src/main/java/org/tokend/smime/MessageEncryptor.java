package org.tokend.smime;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.tokend.smime.cms.EnvelopeWriter;
import org.tokend.smime.cms.SignedDataWriter;
import org.tokend.smime.mime.Base64Output;
import org.tokend.smime.mime.KeepOpen;
import org.tokend.smime.mime.LineFeedOutput;
import org.tokend.smime.mime.Mail;

/** Encrypts mails (RFC 8551 §3.3, §3.4). There is no way from here to a mail in plain. */
public final class MessageEncryptor {

    private static final byte[] CRLF = {'\r', '\n'};

    private final SecureRandom random;

    public MessageEncryptor(SecureRandom random) {
        this.random = random;
    }

    /** Writes the encrypted mail, with the line ends of the original. */
    public void encrypt(Mail mail, EncryptionPlan plan, OutputStream out) throws IOException {
        write(mail, plan, mail::writeEntity, out);
    }

    /**
     * Signs and then encrypts: the signature is inside, where it says nothing to a stranger (RFC 8551 §3.6).
     *
     * @param signed writes the signed entity
     */
    public void encrypt(Mail mail, EncryptionPlan plan, SignedDataWriter.Content signed, OutputStream out)
            throws IOException {
        write(mail, plan, signed, out);
    }

    private void write(Mail mail, EncryptionPlan plan, SignedDataWriter.Content content, OutputStream out)
            throws IOException {
        OutputStream buffered = new BufferedOutputStream(new KeepOpen(out), 1 << 16);
        OutputStream target = mail.usesLineFeeds() ? new LineFeedOutput(buffered) : buffered;
        mail.writeMailFields(target);
        boolean authenticated = plan.cipher().isAuthenticated();
        line(target, "MIME-Version: 1.0");
        line(
                target,
                "Content-Type: application/pkcs7-mime; smime-type="
                        + (authenticated ? "authEnveloped-data" : "enveloped-data") + ";");
        line(target, "\tname=\"smime.p7m\"");
        line(target, "Content-Transfer-Encoding: base64");
        line(target, "Content-Disposition: attachment; filename=\"smime.p7m\"");
        line(target, "Content-Description: S/MIME encrypted message");
        line(target, "");
        try (OutputStream base64 = new Base64Output(target, 64)) {
            new EnvelopeWriter(plan.cipher(), plan.recipients(), random).write(content, base64);
        }
        line(target, "");
        target.close();
        buffered.flush();
    }

    private static void line(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.write(CRLF);
    }
}
