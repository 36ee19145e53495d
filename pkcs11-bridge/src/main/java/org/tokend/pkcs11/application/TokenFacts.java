package org.tokend.pkcs11.application;

import org.tokend.pkcs11.cryptoki.CKF;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.SlotInfo;
import org.tokend.pkcs11.cryptoki.TokenInfo;
import org.tokend.pkcs11.cryptoki.Version;
import org.tokend.pkcs11.token.Token;

/** C_GetTokenInfo: what the token says of itself, as it is for one application of the daemon. */
final class TokenFacts {
    private static final long UNAVAILABLE = -1;
    private static final long LONGEST_PIN = 255;

    private final Slots slots;
    private final Sessions sessions;
    private final int mostSessions;

    TokenFacts(Slots slots, Sessions sessions, int mostSessions) {
        this.slots = slots;
        this.sessions = sessions;
        this.mostSessions = mostSessions;
    }

    TokenInfo info(long id) throws CryptokiException {
        ApplicationSlot slot = slots.slot(id);
        Token token = slot.token();
        if (token != null) {
            return ofToken(token);
        }
        if (!slot.present()) {
            throw Refusal.of(CKR.TOKEN_NOT_PRESENT);
        }
        return ofBlank(slot.info());
    }

    /** The PIN is asked for by the daemon, which stands for a PIN pad. Sessions are the application's own. */
    private TokenInfo ofToken(Token token) {
        TokenInfo info = token.info();
        long flags = info.flags() & ~CKF.DUAL_CRYPTO_OPERATIONS | CKF.PROTECTED_AUTHENTICATION_PATH;
        return new TokenInfo(
                info.label(),
                info.manufacturer(),
                info.model(),
                info.serial(),
                flags,
                mostSessions,
                sessions.count(token, false),
                mostSessions,
                sessions.count(token, true),
                info.maxPinLength(),
                info.minPinLength(),
                info.totalPublicMemory(),
                info.freePublicMemory(),
                info.totalPrivateMemory(),
                info.freePrivateMemory(),
                info.hardwareVersion(),
                info.firmwareVersion(),
                info.utcTime());
    }

    private static TokenInfo ofBlank(SlotInfo slot) {
        Version unknown = new Version(0, 0);
        return new TokenInfo(
                "",
                slot.manufacturer(),
                "",
                "",
                CKF.LOGIN_REQUIRED | CKF.PROTECTED_AUTHENTICATION_PATH,
                UNAVAILABLE,
                UNAVAILABLE,
                UNAVAILABLE,
                UNAVAILABLE,
                LONGEST_PIN,
                0,
                UNAVAILABLE,
                UNAVAILABLE,
                UNAVAILABLE,
                UNAVAILABLE,
                unknown,
                unknown,
                "");
    }
}
