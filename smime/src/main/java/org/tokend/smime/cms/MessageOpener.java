package org.tokend.smime.cms;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import org.tokend.protocol.KeyDescription;
import org.tokend.protocol.UnwrapContentKey;
import org.tokend.smime.certificate.CertifiedKey;
import org.tokend.smime.cms.DecryptionException.Reason;

/** Opens an encrypted CMS message with the key on a token that it is encrypted to. */
public final class MessageOpener {

    private final TokenKeys keys;

    public MessageOpener(TokenKeys keys) {
        this.keys = keys;
    }

    /**
     * What was opened.
     *
     * @param copies on how many tokens the key is; tokend takes one that is there
     */
    public record Opened(CertifiedKey key, ContentAlgorithm algorithm, int copies) {

        /** The key where there is one, otherwise what all its copies have in common. */
        public String where() {
            return copies == 1 ? key.key().uri() : key.key().fingerprint() + ", which is on " + copies + " tokens";
        }
    }

    /** @param untrusted gets the content before it is checked; nobody may see it unless this returns */
    public Opened open(InputStream ber, OutputStream untrusted) throws IOException {
        EncryptedMessage message = EncryptedMessage.read(ber);
        List<KeyDescription> own = keys.list();
        RecipientMatch match = match(message, own);
        byte[] contentKey = keys.unwrapContentKey(new UnwrapContentKey(
                match.key().key().fingerprint(),
                match.recipientInfo(),
                message.algorithm().keyLength(),
                "decrypt a mail"));
        try {
            decrypt(message, contentKey, untrusted);
        } finally {
            Arrays.fill(contentKey, (byte) 0);
        }
        return new Opened(match.key(), message.algorithm(), copies(match.key(), own));
    }

    private static int copies(CertifiedKey key, List<KeyDescription> own) {
        return (int) own.stream()
                .filter(each -> !each.certificates().isEmpty())
                .filter(each -> each.fingerprint().equals(key.key().fingerprint()))
                .map(KeyDescription::token)
                .distinct()
                .count();
    }

    private static RecipientMatch match(EncryptedMessage message, List<KeyDescription> own) throws IOException {
        try {
            return best(message, own);
        } catch (RuntimeException broken) {
            throw EncryptedMessage.malformed(broken);
        }
    }

    private static RecipientMatch best(EncryptedMessage message, List<KeyDescription> own) throws IOException {
        List<RecipientMatch> matches = RecipientMatch.find(message.recipients(), own);
        if (matches.isEmpty()) {
            throw new DecryptionException(
                    Reason.NOT_A_RECIPIENT,
                    "the message is not encrypted to any certificate on your tokens; is the right token inserted?"
                            + " (\"tokenctl keys\")",
                    RecipientMatch.describe(message.recipients()));
        }
        return matches.stream()
                .filter(each -> each.key().key().problem() == null)
                .findFirst()
                .orElse(matches.get(0));
    }

    private static void decrypt(EncryptedMessage message, byte[] contentKey, OutputStream out) throws IOException {
        ContentAlgorithm algorithm = message.algorithm();
        if (contentKey.length != algorithm.keyLength()) {
            throw DecryptionException.failed();
        }
        ContentDecryptor decryptor = switch (algorithm.mode()) {
            case CBC -> new CbcDecryptor(algorithm, message.identifier(), contentKey);
            case GCM -> new GcmDecryptor(message.identifier(), contentKey);
            case CHACHA20_POLY1305 -> new ChaChaDecryptor(message.identifier(), contentKey);
        };
        byte[] buffer = new byte[1 << 16];
        int count = message.readContent(buffer);
        while (count >= 0) {
            decryptor.update(buffer, count, out);
            count = message.readContent(buffer);
        }
        EncryptedMessage.Trailer trailer = message.trailer();
        decryptor.finish(trailer.attributes(), trailer.mac(), out);
    }
}
