package org.tokend.smime.revocation;

import java.util.List;
import java.util.Optional;
import org.tokend.smime.revocation.RevocationState.Good;
import org.tokend.smime.revocation.RevocationState.Revoked;

/** A whole path: revoked if one level is, good if all are, and not known otherwise. */
public record RevocationVerdict(List<LevelRevocation> levels) {

    public RevocationVerdict {
        levels = List.copyOf(levels);
    }

    public boolean isRevoked() {
        return levels.stream().anyMatch(each -> each.state() instanceof Revoked);
    }

    public boolean isGood() {
        return levels.stream().allMatch(each -> each.state() instanceof Good);
    }

    /** The level that makes it what it is; empty where all is good. */
    public Optional<LevelRevocation> decisive() {
        return levels.stream()
                .filter(each -> each.state() instanceof Revoked)
                .findFirst()
                .or(() ->
                        levels.stream().filter(each -> each.state().isUnknown()).findFirst());
    }
}
