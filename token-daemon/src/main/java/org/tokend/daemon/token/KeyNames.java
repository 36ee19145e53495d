package org.tokend.daemon.token;

import org.tokend.daemon.access.KeyName;
import org.tokend.pkcs11.uri.Pkcs11UriException;

/** Texts of requests in, names of keys out; one that comes again is not read again. Thread-safe. */
final class KeyNames {
    /** No program names its keys at such length. */
    private static final int LONGEST = 1_000;

    private final RecentAnswers<String, KeyName> read = new RecentAnswers<>();

    /** @throws Pkcs11UriException also for what is neither a fingerprint nor a URI */
    KeyName parse(String text) throws Pkcs11UriException {
        KeyName known = read.get(text);
        if (known != null) {
            return known;
        }
        KeyName name = KeyName.parse(text);
        if (text.length() <= LONGEST) {
            read.put(text, name);
        }
        return name;
    }
}
