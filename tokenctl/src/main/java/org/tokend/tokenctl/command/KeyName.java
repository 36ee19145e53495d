package org.tokend.tokenctl.command;

import java.util.List;
import org.tokend.protocol.KeyDescription;
import org.tokend.smime.certificate.KeyUri;
import org.tokend.tokenctl.output.CommandException;
import org.tokend.tokenctl.output.ExitStatus;

/**
 * Finds the key that a person names by URI, fingerprint or label. More than one is an error, never "the first"; the same key on
 * two tokens is one key to those who only use it.
 */
final class KeyName {

    private KeyName() {}

    static KeyDescription among(List<KeyDescription> all, String name) {
        List<KeyDescription> named =
                all.stream().filter(key -> matches(name, key)).toList();
        if (named.isEmpty()) {
            throw new CommandException(
                    ExitStatus.NO_INPUT,
                    "there is no key " + name + "; there are:",
                    all.stream().map(KeyName::describe).toList());
        }
        if (named.stream().map(KeyDescription::fingerprint).distinct().count() > 1) {
            throw new CommandException(
                    ExitStatus.USAGE,
                    name + " names " + named.size() + " keys; use a fingerprint:",
                    named.stream().map(KeyName::describe).toList());
        }
        return named.get(0);
    }

    /** One key on one token, to be looked at or changed: which of two copies is meant has to be said. */
    static OnToken onOneToken(List<KeyDescription> all, String name) {
        KeyDescription key = among(all, name);
        List<KeyDescription> named =
                all.stream().filter(each -> matches(name, each)).toList();
        if (named.stream().map(KeyDescription::token).distinct().count() > 1) {
            throw new CommandException(
                    ExitStatus.USAGE,
                    name + " is on more than one token; name the one that is meant by its URI:",
                    named.stream().map(KeyName::describe).toList());
        }
        long copies = all.stream()
                .filter(each -> each.fingerprint().equals(key.fingerprint()))
                .count();
        return new OnToken(key, copies > 1 ? key.uri() : key.fingerprint());
    }

    /** @param request what tokend is to be told */
    record OnToken(KeyDescription key, String request) {}

    private static boolean matches(String name, KeyDescription key) {
        if (name.startsWith("pkcs11:")) {
            return KeyUri.matches(name, key.uri());
        }
        return name.startsWith("sha256:") ? name.equalsIgnoreCase(key.fingerprint()) : name.equals(key.label());
    }

    private static String describe(KeyDescription key) {
        return key.fingerprint() + " " + key.uri();
    }
}
