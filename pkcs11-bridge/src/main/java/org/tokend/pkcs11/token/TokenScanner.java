package org.tokend.pkcs11.token;

import java.util.List;
import org.tokend.pkcs11.TokenException;

/** The tokens of one module. Thread-safe. */
public interface TokenScanner extends AutoCloseable {

    /** All tokens seen so far, present or not, in order of first sight. Never blocks. */
    List<Token> tokens();

    /**
     * Looks at all slots now and updates {@link #tokens()} and their states.
     *
     * @return whether a token came or went
     */
    boolean scan() throws TokenException;

    @Override
    void close();
}
