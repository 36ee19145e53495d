package org.tokend.pkcs11.session;

import java.util.Optional;
import org.tokend.pkcs11.PinTries;
import org.tokend.pkcs11.TokenIdentity;
import org.tokend.pkcs11.cryptoki.CKF;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.ConnectionLostException;
import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.TokenInfo;

/** Where a token is at the moment, and what it says of itself. */
public record TokenSlot(long slot, TokenInfo info) {

    public TokenIdentity identity() {
        return new TokenIdentity(info.label(), info.manufacturer(), info.model(), info.serial());
    }

    public boolean initialised() {
        return has(CKF.TOKEN_INITIALIZED);
    }

    public boolean loginRequired() {
        return has(CKF.LOGIN_REQUIRED);
    }

    LoginState initialLogin() {
        return loginRequired() ? LoginState.LOGGED_OUT : LoginState.NOT_NEEDED;
    }

    public boolean pinPad() {
        return has(CKF.PROTECTED_AUTHENTICATION_PATH);
    }

    public PinTries tries() {
        if (has(CKF.USER_PIN_LOCKED)) {
            return PinTries.LOCKED;
        }
        if (has(CKF.USER_PIN_FINAL_TRY)) {
            return PinTries.FINAL;
        }
        return has(CKF.USER_PIN_COUNT_LOW) ? PinTries.LOW : PinTries.UNKNOWN;
    }

    private boolean has(long flag) {
        return (info.flags() & flag) != 0;
    }

    /** Looks for a token by what makes it the same token, in all slots. */
    static Optional<TokenSlot> find(Cryptoki cryptoki, TokenIdentity token) throws CryptokiException {
        for (long slot : cryptoki.getSlotList(true)) {
            Optional<TokenSlot> found =
                    read(cryptoki, slot).filter(each -> each.identity().sameToken(token));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** Empty when there is no token in the slot, or none that is initialised. SoftHSM always shows one that is not. */
    public static Optional<TokenSlot> read(Cryptoki cryptoki, long slot) throws CryptokiException {
        try {
            return Optional.of(new TokenSlot(slot, cryptoki.getTokenInfo(slot))).filter(TokenSlot::initialised);
        } catch (ConnectionLostException e) {
            throw e;
        } catch (CryptokiException e) {
            if (e.returnValue() == CKR.CRYPTOKI_NOT_INITIALIZED) {
                throw e;
            }
            return Optional.empty(); // A reader that cannot read its card must not hide the others.
        }
    }
}
