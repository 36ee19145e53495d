package org.tokend.pkcs11.session;

import org.jspecify.annotations.Nullable;

/**
 * A time in which handles, sessions and the login of a token hold.
 *
 * @param slot where the token was seen last; null when it never was
 * @param moduleGeneration the start of the module that this belongs to
 * @param believed what {@code login} was before it became uncertain, or is
 * @param logoutFirst the module may think that somebody is logged in although nobody is
 */
public record Generation(
        long number,
        LoginState login,
        LoginState believed,
        @Nullable TokenSlot slot,
        long moduleGeneration,
        boolean logoutFirst) {

    Generation next(LoginState state) {
        return new Generation(number + 1, state, state, slot, moduleGeneration, false);
    }

    Generation uncertain(boolean loginLost) {
        boolean nobody = loginLost || logoutFirst;
        LoginState belief = nobody && believed == LoginState.LOGGED_IN ? LoginState.LOGGED_OUT : believed;
        return new Generation(number + 1, LoginState.UNCERTAIN, belief, slot, moduleGeneration, nobody);
    }

    Generation seen(LoginState state, TokenSlot at, long ofModule) {
        return new Generation(number + 1, state, state, at, ofModule, false);
    }

    /** The same generation, with what the token says of itself now. */
    Generation refreshed(TokenSlot now) {
        return new Generation(number, login, believed, now, moduleGeneration, logoutFirst);
    }
}
