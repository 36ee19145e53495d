package org.tokend.daemon.unlock;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tokend.daemon.access.Caller;
import org.tokend.daemon.prompt.CallerTerminal;
import org.tokend.daemon.prompt.PromptRequest;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.TokenIdentity;
import org.tokend.pkcs11.token.Token;

/** Tells the person who asks, for which token and key, what for, and how many tries are left. */
final class PromptWording {
    private static final int PROGRAM = 120;
    private static final int LABEL = 64;
    private static final int PURPOSE = 200;

    private final CallerTerminal terminals;

    PromptWording(CallerTerminal terminals) {
        this.terminals = terminals;
    }

    PromptRequest pin(Token token, UnlockReason reason, LedgerEntry entry, TriesLeft tries, Duration timeout) {
        List<String> lines = new ArrayList<>();
        lines.add("PIN of the token " + name(token.identity()));
        lines.addAll(askedBy(reason));
        lines.add(sentence(tries.words()));
        lines.add(purpose(reason));
        return request(token, reason, lines, warning(entry), timeout);
    }

    PromptRequest lastTry(Token token, UnlockReason reason, TriesLeft tries, Duration timeout) {
        List<String> lines = new ArrayList<>();
        lines.add("A wrong PIN may now lock the token " + name(token.identity()) + " for good.");
        lines.add(sentence(tries.words()));
        lines.add("Use this try?");
        lines.addAll(askedBy(reason));
        lines.add(purpose(reason));
        return request(token, reason, lines, null, timeout);
    }

    PromptRequest consent(Token token, UnlockReason reason, Duration timeout) {
        List<String> lines = new ArrayList<>();
        lines.add((reason.key() == null ? "Allow a change to the token " : "Allow one use of a key on the token ")
                + name(token.identity()) + "?");
        lines.addAll(askedBy(reason));
        lines.add(purpose(reason));
        return request(token, reason, lines, null, timeout);
    }

    /** Which passphrase is asked for. */
    enum Passphrase {
        OPEN("Passphrase of the PKCS#12 file"),
        NEW("New passphrase for the PKCS#12 file"),
        AGAIN("The new passphrase once more");

        private final String title;

        Passphrase(String title) {
            this.title = title;
        }
    }

    PromptRequest passphrase(
            Token token, UnlockReason reason, Passphrase kind, @Nullable String warning, Duration timeout) {
        List<String> lines = new ArrayList<>();
        lines.add(kind.title + " (not the PIN of the token " + name(token.identity()) + ")");
        lines.addAll(askedBy(reason));
        TokenIdentity identity = token.identity();
        return new PromptRequest(
                identity.label(),
                identity.serial() + "/pkcs12",
                lines,
                "Passphrase:",
                warning,
                terminal(reason.caller()).orElse(null),
                timeout);
    }

    private PromptRequest request(
            Token token, UnlockReason reason, List<String> lines, @Nullable String warning, Duration timeout) {
        TokenIdentity identity = token.identity();
        return new PromptRequest(
                identity.label(),
                identity.serial(),
                lines,
                "PIN:",
                warning,
                terminal(reason.caller()).orElse(null),
                timeout);
    }

    private static List<String> askedBy(UnlockReason reason) {
        List<String> lines = new ArrayList<>();
        KeyDescriptor key = reason.key();
        lines.add(
                key == null
                        ? "To " + reason.action() + " it"
                        : "To " + reason.action() + " with the key " + cut(key.label(), LABEL) + " ("
                                + key.fingerprint().hex().substring(0, 16) + ")");
        Caller caller = reason.caller();
        lines.add(
                "Asked by " + cut(caller.program(), PROGRAM) + (caller.pid() > 0 ? " (pid " + caller.pid() + ")" : ""));
        return lines;
    }

    /** The caller's own words stand last and are marked as such. */
    private static String purpose(UnlockReason reason) {
        return reason.purpose().isEmpty() ? "" : "It says: " + cut(reason.purpose(), PURPOSE);
    }

    private static @Nullable String warning(LedgerEntry entry) {
        if (entry.wrong() == 0) {
            return null;
        }
        return entry.refused().isEmpty() ? "A PIN was wrong." : "The last PIN was wrong.";
    }

    /** What a confined program says is its terminal may be one of another device namespace, so it gets none. */
    private Optional<Path> terminal(Caller caller) {
        return caller.sandbox() == Caller.Sandbox.NONE ? terminals.of(caller.pid(), caller.uid()) : Optional.empty();
    }

    private static String name(TokenIdentity token) {
        return cut(token.label(), LABEL) + " (serial " + cut(token.serial(), LABEL) + ")";
    }

    private static String sentence(String words) {
        return Character.toUpperCase(words.charAt(0)) + words.substring(1) + ".";
    }

    private static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length) + "…";
    }
}
