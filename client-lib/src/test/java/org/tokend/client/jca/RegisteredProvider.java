package org.tokend.client.jca;

import java.io.IOException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Security;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** For each test a tokend with no keys yet, and its provider added to this Java. */
final class RegisteredProvider implements BeforeEachCallback, AfterEachCallback {
    private @Nullable SoftwareKeys keys;
    private @Nullable TokenProvider provider;

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        keys = new SoftwareKeys();
        provider = new TokenProvider(keys.server().socket());
        Security.addProvider(provider);
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        Security.removeProvider(TokenProvider.NAME);
        keys().close();
    }

    SoftwareKeys keys() {
        return started(keys);
    }

    TokenProvider provider() {
        return started(provider);
    }

    KeyStore store() throws Exception {
        KeyStore store = KeyStore.getInstance("Tokend");
        store.load(null, "1234".toCharArray());
        return store;
    }

    /** A new key of this type. */
    PrivateKey key(String type) throws Exception {
        keys().add("key", type);
        return (PrivateKey) store().getKey("key", null);
    }

    private static <T> T started(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("Only inside a test");
        }
        return value;
    }
}
