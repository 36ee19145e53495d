package org.tokend.daemon.unlock;

import org.tokend.daemon.prompt.Pin;

/** What is done with a passphrase while it is in memory. */
public interface PassphraseUse<T, E extends Exception> {
    T with(Pin passphrase) throws E;
}
