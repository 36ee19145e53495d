package org.tokend.smime.certificate;

import java.nio.ByteBuffer;
import java.util.List;
import org.tokend.protocol.KeyDescription;

/** Certificates of CAs that tokens carry beside those of their keys. */
public final class IssuerCertificates {

    private IssuerCertificates() {}

    /** Each once: every key names those above its own certificates, and thousands may name the same. */
    public static List<MailCertificate> of(List<KeyDescription> keys) {
        return keys.stream()
                .flatMap(key -> key.issuers().stream())
                .map(ByteBuffer::wrap)
                .distinct()
                .flatMap(der -> MailCertificate.of(der.array()).stream())
                .toList();
    }
}
