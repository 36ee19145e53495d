package org.tokend.tokenctl.command;

import java.util.List;
import org.tokend.protocol.KeyDescription;
import org.tokend.smime.certificate.KeyUri;
import org.tokend.tokenctl.output.CommandException;
import org.tokend.tokenctl.output.ExitStatus;

/** Finds the key that a person names by URI, fingerprint or label. More than one is an error, never "the first". */
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
