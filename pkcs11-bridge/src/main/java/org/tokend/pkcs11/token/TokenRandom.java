package org.tokend.pkcs11.token;

import java.util.Arrays;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/** The token's random numbers, in pieces: a host has little memory, and whoever asks for megabytes is not to take it from the others. */
final class TokenRandom {
    static final int AT_ONCE = 32 << 10;

    private final TokenCalls calls;

    TokenRandom(TokenCalls calls) {
        this.calls = calls;
    }

    byte[] draw(int length) throws TokenException, CryptokiException {
        byte[] drawn = new byte[length];
        int done = 0;
        do {
            int count = Math.min(AT_ONCE, length - done);
            byte[] piece = calls.readOnly((cryptoki, session, generation) -> cryptoki.generateRandom(session, count));
            System.arraycopy(piece, 0, drawn, done, count);
            done += count;
        } while (done < length);
        return drawn;
    }

    /** Each piece adds to what the token knows (PKCS#11 v3.1 §5.16.1). */
    void seed(byte[] seed) throws TokenException, CryptokiException {
        int done = 0;
        do {
            byte[] piece = Arrays.copyOfRange(seed, done, Math.min(seed.length, done + AT_ONCE));
            calls.readOnly((cryptoki, session, generation) -> {
                cryptoki.seedRandom(session, piece);
                return true;
            });
            done += piece.length;
        } while (done < seed.length);
    }
}
