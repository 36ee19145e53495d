package org.tokend.pkcs11.token;

import java.util.List;
import java.util.Set;
import org.tokend.pkcs11.TokenIdentity;

/** Objects that a reading left out → the log, once each and only the first of many: a token may hold thousands of a kind unknown here. */
final class ReadingNotes {
    private static final System.Logger LOG = System.getLogger(ReadingNotes.class.getName());
    private static final int MOST = 20;

    private final TokenIdentity token;
    private Set<String> last = Set.of();

    ReadingNotes(TokenIdentity token) {
        this.token = token;
    }

    synchronized void log(List<String> notes) {
        List<String> news =
                notes.stream().filter(note -> !last.contains(note)).distinct().toList();
        last = Set.copyOf(notes);
        news.stream().limit(MOST).forEach(note -> LOG.log(System.Logger.Level.WARNING, "Token {0}: {1}", token, note));
        if (news.size() > MOST) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Token {0}: {1} more objects are left out for such reasons.",
                    token,
                    news.size() - MOST);
        }
    }
}
