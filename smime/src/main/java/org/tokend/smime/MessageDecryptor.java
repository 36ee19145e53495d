package org.tokend.smime;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;
import org.tokend.smime.cms.MessageOpener;
import org.tokend.smime.cms.TokenKeys;
import org.tokend.smime.mime.EncryptedMail;
import org.tokend.smime.mime.HeaderProtection;
import org.tokend.smime.mime.Headers;
import org.tokend.smime.mime.RestoredMail;

/** Decrypts mails. Nothing of a content is given out before the whole of it is decrypted and checked. */
public final class MessageDecryptor {

    private final MessageOpener opener;
    private final Path spoolDirectory;

    /** @param spoolDirectory where contents that are too large for memory wait, in files without a name */
    public MessageDecryptor(TokenKeys keys, Path spoolDirectory) {
        this.opener = new MessageOpener(keys);
        this.spoolDirectory = spoolDirectory;
    }

    /**
     * A content that was decrypted whole.
     *
     * @param headers of the encrypted mail; empty where the input had none
     * @param opened with which key, and how the content was protected
     */
    public record DecryptedMail(Headers headers, MessageOpener.Opened opened, Spool content) implements AutoCloseable {

        /** The content alone, to the byte but for a copy of its header in its text (RFC 9788 §4.5.3). */
        public void writeTo(OutputStream out) throws IOException {
            RestoredMail.writeContent(content, out);
        }

        /** The header inside, where the sender protected it (RFC 9788). */
        public Optional<HeaderProtection> protection() throws IOException {
            return HeaderProtection.of(content, headers);
        }

        /** A mail to show: the header in front, as the sender wrote it if it is inside, and no copy of it in the text. */
        public void writeMail(OutputStream out) throws IOException {
            RestoredMail.write(headers, content, out);
        }

        @Override
        public void close() throws IOException {
            content.close();
        }
    }

    /** @param source a mail, PEM, base64 or BER */
    public DecryptedMail decrypt(InputStream source) throws IOException {
        EncryptedMail mail = EncryptedMail.read(source);
        Spool spool = new Spool(spoolDirectory);
        boolean done = false;
        try {
            MessageOpener.Opened opened = opener.open(mail.cms(), spool);
            done = true;
            return new DecryptedMail(mail.headers(), opened, spool);
        } finally {
            if (!done) {
                spool.close();
            }
        }
    }
}
