package org.tokend.daemon.access;

import org.tokend.pkcs11.KeyDescriptor;

/**
 * The right of one caller to use one key once in one way. Made by {@link AccessPolicy} only, and the only thing that reaches
 * a token, so nobody can forget to authorise.
 */
public final class Grant {
    private final Caller caller;
    private final KeyDescriptor key;
    private final KeyUse use;

    Grant(Caller caller, KeyDescriptor key, KeyUse use) {
        this.caller = caller;
        this.key = key;
        this.use = use;
    }

    public Caller caller() {
        return caller;
    }

    public KeyDescriptor key() {
        return key;
    }

    public KeyUse use() {
        return use;
    }

    @Override
    public String toString() {
        return "Grant[" + use.algorithm().wireName() + " with " + key.fingerprint() + " for pid " + caller.pid() + "]";
    }
}
