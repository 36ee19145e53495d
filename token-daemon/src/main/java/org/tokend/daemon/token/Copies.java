package org.tokend.daemon.token;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.tokend.pkcs11.PinTries;
import org.tokend.pkcs11.TokenState;

/** One key on several tokens, as on a spare card: to those who only use it, it is one key. */
final class Copies {
    private static final Comparator<FoundKey> BEST_FIRST = Comparator.comparing(
                    (FoundKey copy) -> copy.key().problem() != null)
            // To choose among the recipients of a message takes the certificate.
            .thenComparing(copy -> copy.key().certificates().isEmpty())
            .thenComparing(Copies::trouble)
            .thenComparing(copy -> copy.token().identity().uri().toString());

    private Copies() {}

    /** The copy that costs the person least; empty where these are different keys, or twice on one token. */
    static Optional<FoundKey> best(List<FoundKey> found) {
        if (found.size() == 1) {
            return Optional.of(found.getFirst());
        }
        boolean sameKey =
                found.stream().map(copy -> copy.key().fingerprint()).distinct().count() == 1;
        boolean eachOnItsOwn = found.stream().map(FoundKey::token).distinct().count() == found.size();
        return sameKey && eachOnItsOwn ? found.stream().min(BEST_FIRST) : Optional.empty();
    }

    /** A token that is open costs no prompt; one whose PIN is nearly used up is better left alone. */
    private static int trouble(FoundKey copy) {
        return switch (copy.token().state()) {
            case TokenState.LoggedIn open -> 0;
            case TokenState.NoLoginNeeded open -> 0;
            case TokenState.LoggedOut closed -> 1 + closed.tries().ordinal();
            case TokenState.Absent absent -> 2 + PinTries.LOCKED.ordinal();
            case TokenState.Failed failed -> 2 + PinTries.LOCKED.ordinal();
        };
    }
}
