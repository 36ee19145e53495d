package org.tokend.daemon.dispatch;

import org.tokend.daemon.access.RefusalException;
import org.tokend.daemon.event.EventSink;
import org.tokend.daemon.token.FoundKey;
import org.tokend.daemon.token.TokenDirectory;
import org.tokend.pkcs11.TokenException;

/** How a request says which key it wants to use. */
sealed interface KeyReference {

    /** Asked again after a login, when the token shows more. */
    FoundKey find(TokenDirectory directory, EventSink events) throws RefusalException, TokenException;

    /** For the record of a request whose key was not found. */
    String text();

    /** As callers of the native socket name keys. */
    record Name(String text) implements KeyReference {
        @Override
        public FoundKey find(TokenDirectory directory, EventSink events) throws RefusalException, TokenException {
            return directory.keyToUse(text, events);
        }
    }

    /** A key that the caller holds an object of: this one, though others on other tokens may be the same. */
    record Held(FoundKey key) implements KeyReference {
        @Override
        public FoundKey find(TokenDirectory directory, EventSink events) throws RefusalException, TokenException {
            return directory.key(key);
        }

        @Override
        public String text() {
            return key.key().fingerprint().toString();
        }
    }
}
