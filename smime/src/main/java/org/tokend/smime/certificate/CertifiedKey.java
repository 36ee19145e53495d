package org.tokend.smime.certificate;

import java.util.List;
import java.util.stream.Stream;
import org.tokend.protocol.KeyDescription;

/** A key on a token together with one of its certificates. */
public record CertifiedKey(KeyDescription key, MailCertificate certificate) {

    /** All pairs; a key without a certificate is in none. */
    public static List<CertifiedKey> of(List<KeyDescription> keys) {
        return stream(keys).toList();
    }

    /** The same, each read when its turn comes: a certificate takes ten times its length, and a token may hold thousands. */
    public static Stream<CertifiedKey> stream(List<KeyDescription> keys) {
        return keys.stream()
                .flatMap(key -> key.certificates().stream()
                        .flatMap(der -> MailCertificate.of(der).stream())
                        .map(certificate -> new CertifiedKey(key, certificate)));
    }

    /** One line for a list of candidates. */
    public String describe() {
        return certificate.subject() + ", valid until " + certificate.notAfter() + ", key " + key.fingerprint() + " ("
                + key.uri() + ")";
    }
}
