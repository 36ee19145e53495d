package org.tokend.pkcs11.token;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/** The tokens of one module. Thread-safe. */
public interface TokenScanner extends AutoCloseable {

    /** All tokens seen so far, present or not, in order of first sight. Never blocks. */
    List<Token> tokens();

    /** All slots as they were at the last scan, empty ones too, in the module's order. Never blocks. */
    List<ReaderSlot> slots();

    /**
     * C_InitToken on a slot whose token is blank.
     *
     * @param officerPin off-heap bytes, wiped by the caller; null at a PIN pad
     */
    void initialise(ReaderSlot slot, @Nullable MemorySegment officerPin, String label)
            throws TokenException, CryptokiException;

    /**
     * Looks at all slots now and updates {@link #tokens()} and their states.
     *
     * @return whether a token came or went
     */
    boolean scan() throws TokenException;

    @Override
    void close();
}
