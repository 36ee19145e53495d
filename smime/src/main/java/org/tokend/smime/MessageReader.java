package org.tokend.smime;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tokend.smime.MessageVerifier.VerifiedMail;
import org.tokend.smime.cms.CompressedMessage;
import org.tokend.smime.cms.DecryptionException;
import org.tokend.smime.cms.MessageKind;
import org.tokend.smime.cms.MessageOpener;
import org.tokend.smime.cms.TokenKeys;
import org.tokend.smime.mime.EncryptedMail;
import org.tokend.smime.mime.HeaderProtection;
import org.tokend.smime.mime.Headers;
import org.tokend.smime.mime.RestoredMail;
import org.tokend.smime.mime.SecureBody;
import org.tokend.smime.mime.Source;

/** Takes all layers off a mail: encrypted, signed, compressed, in any order (RFC 8551 §3.1, RFC 2634 §1.1 triple wrap). */
public final class MessageReader {

    /** Nobody wraps deeper; whoever does wants to keep this program busy. */
    private static final int MAX_LAYERS = 8;

    private final TokenKeys keys;
    private final MessageVerifier verifier;
    private final Path spoolDirectory;

    public MessageReader(TokenKeys keys, MessageVerifier verifier, Path spoolDirectory) {
        this.keys = keys;
        this.verifier = verifier;
        this.spoolDirectory = spoolDirectory;
    }

    /** One layer, outermost first. */
    public sealed interface Layer {}

    /** @param opened with which key, and whether the content proves that nobody changed it */
    public record Encrypted(MessageOpener.Opened opened) implements Layer {}

    /** @param mail whose content is closed when the whole is, or when the next layer was read */
    public record Signed(VerifiedMail mail) implements Layer {}

    /** @param size in bytes, unpacked */
    public record Compressed(long size) implements Layer {}

    /**
     * What was inside.
     *
     * @param headers of the outermost mail
     */
    public record OpenedMail(Headers headers, List<Layer> layers, Spool content) implements AutoCloseable {

        public OpenedMail {
            layers = List.copyOf(layers);
        }

        /** A content that anybody on the way may have changed: encrypted by CBC alone, and no good signature inside. */
        public boolean isUnauthenticated() {
            return layers.stream()
                            .anyMatch(layer -> layer instanceof Encrypted encrypted
                                    && !encrypted.opened().algorithm().isAuthenticated())
                    && layers.stream()
                            .noneMatch(layer -> layer instanceof Signed signed
                                    && signed.mail().isSigned());
        }

        public boolean isBad() {
            return layers.stream()
                    .anyMatch(layer ->
                            layer instanceof Signed signed && signed.mail().isBad());
        }

        /** Signed by its sender, by every signature that there is. */
        public boolean isProven() {
            List<VerifiedMail> signed = new ArrayList<>();
            for (Layer layer : layers) {
                if (layer instanceof Signed each) {
                    signed.add(each.mail());
                }
            }
            return !signed.isEmpty() && signed.stream().allMatch(VerifiedMail::isProven);
        }

        /** The header inside, where the sender protected it (RFC 9788); what proves it is said by the layers. */
        public Optional<HeaderProtection> protection() throws IOException {
            return HeaderProtection.of(content, headers);
        }

        /** The content alone, to the byte but for a copy of its header in its text (RFC 9788 §4.5.3). */
        public void writeTo(OutputStream out) throws IOException {
            RestoredMail.writeContent(content, out);
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

    public OpenedMail open(Source source) throws IOException {
        List<Layer> layers = new ArrayList<>();
        Headers outer = SecureBody.headers(source);
        Source current = source;
        Spool content = null;
        boolean done = false;
        try {
            while (layers.isEmpty() || SecureBody.isSecure(current)) {
                if (layers.size() == MAX_LAYERS) {
                    throw new DecryptionException(
                            DecryptionException.Reason.UNSUPPORTED,
                            "the mail is wrapped more than " + MAX_LAYERS + " times; nothing is shown");
                }
                Spool next = layer(current, outer, layers);
                if (content != null) {
                    content.close();
                }
                content = next;
                current = next;
            }
            done = true;
            return new OpenedMail(outer, layers, content == null ? new Spool(spoolDirectory) : content);
        } finally {
            if (!done && content != null) {
                content.close();
            }
        }
    }

    private Spool layer(Source source, Headers outer, List<Layer> layers) throws IOException {
        if (SecureBody.isClearSigned(source) || kind(source) == MessageKind.SIGNED) {
            VerifiedMail mail = verifier.verifyInside(source, outer);
            layers.add(new Signed(mail));
            return mail.content();
        }
        Spool spool = new Spool(spoolDirectory);
        boolean done = false;
        try (InputStream in = source.open()) {
            InputStream cms = EncryptedMail.read(in).cms();
            if (kind(source) == MessageKind.COMPRESSED) {
                layers.add(new Compressed(CompressedMessage.unpack(cms, spool)));
            } else {
                layers.add(new Encrypted(new MessageOpener(keys).open(cms, spool)));
            }
            done = true;
            return spool;
        } finally {
            if (!done) {
                spool.close();
            }
        }
    }

    private static MessageKind kind(Source source) throws IOException {
        try (InputStream in = source.open()) {
            return MessageKind.of(EncryptedMail.read(in).cms());
        }
    }
}
