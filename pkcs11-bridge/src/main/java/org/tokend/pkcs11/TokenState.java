package org.tokend.pkcs11;

/** Whether a token can be used. */
public sealed interface TokenState {

    /** No such token is in any slot of its module. */
    record Absent() implements TokenState {}

    /** Present; nobody is logged in. */
    record LoggedOut(PinTries tries) implements TokenState {}

    /** Present and logged in as the user. */
    record LoggedIn() implements TokenState {}

    /** Present, and CKF_LOGIN_REQUIRED is not set. */
    record NoLoginNeeded() implements TokenState {}

    /** The module's host cannot be started, or the token is not initialised. */
    record Failed(String reason) implements TokenState {}
}
