package org.tokend.daemon.unlock;

import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tokend.daemon.prompt.Pin;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.token.Token;
import org.tokend.protocol.ErrorCode;

/**
 * Shows one PIN to one token once, with the try counted before and settled after. The only place where a PIN goes to a
 * token.
 */
final class PinPresentation {
    private static final Logger LOG = LoggerFactory.getLogger(PinPresentation.class);

    private final PinLedger ledger;
    private final TokenNames names;

    PinPresentation(PinLedger ledger, TokenNames names) {
        this.ledger = ledger;
        this.names = names;
    }

    /** Whether the token refused this very PIN before. */
    boolean refusedBefore(Token token, Pin pin) {
        return ledger.entry(token.identity()).refusedBefore(ledger.fingerprint(token.identity(), pin.segment()));
    }

    <T> T present(Token token, Pin pin, PinUse<T> use) throws TokenException, UnlockException {
        PinFingerprint fingerprint = ledger.fingerprint(token.identity(), pin.segment());
        if (ledger.entry(token.identity()).refusedBefore(fingerprint)) {
            throw new UnlockException(
                    ErrorCode.PIN_INCORRECT,
                    "this PIN was refused before by " + names.of(token) + " and was not sent again: no try was spent;"
                            + " enter another one, or take the token out and put it in again if its PIN was changed");
        }
        if (pin.length() < token.minPinLength() || token.maxPinLength() > 0 && pin.length() > token.maxPinLength()) {
            throw new UnlockException(
                    ErrorCode.PIN_INCORRECT,
                    "a PIN of " + names.of(token) + " has " + token.minPinLength() + " to " + token.maxPinLength()
                            + " bytes; what was entered was not sent: no try was spent");
        }
        return present(token, Optional.of(fingerprint), () -> use.use(pin.segment()));
    }

    <T> T presentAtPad(Token token, PinUse<T> use) throws TokenException, UnlockException {
        return present(token, Optional.empty(), () -> use.use(null));
    }

    private interface Try<T> {
        T run() throws TokenException;
    }

    private <T> T present(Token token, Optional<PinFingerprint> fingerprint, Try<T> attempt)
            throws TokenException, UnlockException {
        try {
            ledger.begin(token.identity());
        } catch (IOException e) {
            throw new UnlockException(
                    ErrorCode.INTERNAL,
                    "the record of wrong PINs cannot be written (" + e.getMessage()
                            + "), and without it no PIN is sent to " + names.of(token)
                            + "; make room in the state directory of tokend");
        }
        try {
            T result = attempt.run();
            settle(token, () -> ledger.accepted(token.identity()));
            return result;
        } catch (TokenException.PinIncorrect e) {
            settle(token, () -> ledger.refused(token.identity(), fingerprint));
            throw e;
        } catch (TokenException.PinCancelled
                | TokenException.Busy
                | TokenException.ModuleUnavailable
                | TokenException.InvalidInput e) {
            settle(token, () -> ledger.unspent(token.identity()));
            throw e;
        } catch (TokenException e) {
            settle(token, () -> ledger.unclear(token.identity()));
            throw e;
        }
    }

    private interface Settlement {
        void run() throws IOException;
    }

    /** A failure leaves the try counted on disk: too careful, never too careless. */
    private void settle(Token token, Settlement settlement) {
        try {
            settlement.run();
        } catch (IOException e) {
            LOG.warn("the record of wrong PINs of {} cannot be written: {}", names.of(token), e.getMessage());
        }
    }
}
