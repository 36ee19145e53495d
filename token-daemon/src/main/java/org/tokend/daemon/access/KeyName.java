package org.tokend.daemon.access;

import java.util.regex.Pattern;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.KeyFingerprint;
import org.tokend.pkcs11.TokenIdentity;
import org.tokend.pkcs11.uri.Pkcs11Uri;
import org.tokend.pkcs11.uri.Pkcs11UriException;

/** How requests and the configuration name keys. */
public sealed interface KeyName {
    Pattern FINGERPRINT = Pattern.compile("sha256:[0-9a-f]{64}");

    boolean matches(KeyDescriptor key);

    /** Whether a key of this name may be on the token. */
    boolean mayBeOn(TokenIdentity token);

    /** Means one key, wherever it is: the same public key in two places is the same key. */
    record Fingerprint(KeyFingerprint fingerprint) implements KeyName {
        @Override
        public boolean matches(KeyDescriptor key) {
            return key.fingerprint().equals(fingerprint);
        }

        @Override
        public boolean mayBeOn(TokenIdentity token) {
            return true;
        }
    }

    record Uri(Pkcs11Uri uri) implements KeyName {
        @Override
        public boolean matches(KeyDescriptor key) {
            return key.matches(uri);
        }

        @Override
        public boolean mayBeOn(TokenIdentity token) {
            return token.matches(uri.ofToken());
        }
    }

    /** @throws Pkcs11UriException also for what is neither a fingerprint nor a URI */
    static KeyName parse(String text) throws Pkcs11UriException {
        if (FINGERPRINT.matcher(text).matches()) {
            return new Fingerprint(new KeyFingerprint(text.substring("sha256:".length())));
        }
        return new Uri(Pkcs11Uri.parse(text));
    }
}
