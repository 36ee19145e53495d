package org.tokend.pkcs11.session;

/** Whether somebody is logged in to a token. */
public enum LoginState {
    /** The token is in no slot. */
    ABSENT,
    /** Something went wrong; the token must be looked at before anything is asked of it. */
    UNCERTAIN,
    LOGGED_OUT,
    LOGGED_IN,
    /** CKF_LOGIN_REQUIRED is not set. */
    NOT_NEEDED;

    /** Whether private keys can be used, and all those that exist be seen. */
    public boolean suffices() {
        return this == LOGGED_IN || this == NOT_NEEDED;
    }
}
