package org.tokend.daemon.unlock;

import org.tokend.daemon.access.Caller;
import org.tokend.pkcs11.token.Token;

/** Is told of every login, whatever was asked for, before anybody can use it, and of every end that we bring about. */
public interface LoginJournal {
    /** For those who need no record. */
    LoginJournal NONE = new LoginJournal() {
        @Override
        public void began(Token token, Caller caller) {}

        @Override
        public void ended(Token token, String why) {}
    };

    /**
     * @param caller on whose behalf the person was asked
     * @throws UnlockException when there can be no record: then there is no login either
     */
    void began(Token token, Caller caller) throws UnlockException;

    void ended(Token token, String why);
}
