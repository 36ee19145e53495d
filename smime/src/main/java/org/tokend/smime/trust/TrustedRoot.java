package org.tokend.smime.trust;

import java.nio.file.Path;
import org.tokend.smime.certificate.MailCertificate;

/** A root, and who decided to trust it. */
public record TrustedRoot(MailCertificate certificate, Layer layer, Path file) {

    /** From the widest to the nearest. */
    public enum Layer {
        /** What the distribution trusts. */
        SYSTEM,
        /** What the administrator of this machine trusts for mail. */
        MACHINE,
        /** What this person trusts. */
        USER
    }
}
