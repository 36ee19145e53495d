package org.tokend.tokenctl.command;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;
import org.tokend.client.TokenClient;
import org.tokend.client.TokenClientException;
import org.tokend.protocol.ErrorCode;
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

    static KeyDescription find(TokenClient client, String name) {
        List<KeyDescription> found = fitting(client, name);
        // All when it fits none, to say which there are.
        return found.stream().anyMatch(key -> matches(name, key))
                ? among(found, name)
                : among(client.listKeys(null), name, () -> Shortcomings.of(client));
    }

    /** Those of thousands that the name fits; none when tokend cannot read the name, as when it is longer than a URI may be. */
    private static List<KeyDescription> fitting(TokenClient client, String name) {
        boolean label = !name.startsWith("pkcs11:") && !name.startsWith("sha256:");
        try {
            return client.findKeys(label ? "pkcs11:object=" + encoded(name) : name);
        } catch (TokenClientException e) {
            if (e.code() != ErrorCode.INVALID_REQUEST) {
                throw e;
            }
            return List.of();
        }
    }

    /** RFC 7512 §2.3. */
    private static String encoded(String label) {
        return HexFormat.of().withPrefix("%").withUpperCase().formatHex(label.getBytes(StandardCharsets.UTF_8));
    }

    static KeyDescription among(List<KeyDescription> all, String name) {
        return among(all, name, () -> "");
    }

    /** @param why there may be no such key; to be added to a message */
    private static KeyDescription among(List<KeyDescription> all, String name, Supplier<String> why) {
        List<KeyDescription> named =
                all.stream().filter(key -> matches(name, key)).toList();
        if (named.isEmpty()) {
            throw new CommandException(
                    ExitStatus.NO_INPUT,
                    "there is no key " + name
                            + (all.isEmpty()
                                    ? "; no token shows any, and some show theirs only after \"tokenctl unlock\""
                                            + why.get()
                                    : why.get() + "; there are:"),
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
    static OnToken onOneToken(TokenClient client, String name) {
        KeyDescription key = find(client, name);
        List<KeyDescription> all = client.findKeys(key.fingerprint());
        List<KeyDescription> named =
                all.stream().filter(each -> matches(name, each)).toList();
        if (named.stream().map(KeyDescription::token).distinct().count() > 1) {
            throw new CommandException(
                    ExitStatus.USAGE,
                    name + " is on more than one token; name the one that is meant by its URI:",
                    named.stream().map(KeyName::describe).toList());
        }
        return new OnToken(key, all.size() > 1 ? key.uri() : key.fingerprint());
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
