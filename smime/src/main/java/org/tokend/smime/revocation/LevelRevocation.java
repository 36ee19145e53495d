package org.tokend.smime.revocation;

import java.util.List;
import org.tokend.smime.certificate.MailCertificate;

/**
 * One certificate of a path.
 *
 * @param level 0 for the leaf
 * @param trials every address that was asked, and what it said
 */
public record LevelRevocation(int level, MailCertificate certificate, RevocationState state, List<Trial> trials) {

    /** One address. */
    public record Trial(String url, RevocationState state) {}

    public LevelRevocation {
        trials = List.copyOf(trials);
    }
}
