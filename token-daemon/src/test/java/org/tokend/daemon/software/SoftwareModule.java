package org.tokend.daemon.software;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.cryptoki.CKF;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.SlotInfo;
import org.tokend.pkcs11.cryptoki.Version;
import org.tokend.pkcs11.host.Pkcs11Module;
import org.tokend.pkcs11.token.ReaderSlot;
import org.tokend.pkcs11.token.Token;
import org.tokend.pkcs11.token.TokenScanner;

/** A module that is always there, with one token that is always in its slot. */
public final class SoftwareModule {
    private static final SlotInfo SLOT =
            new SlotInfo("a reader", "tokend", CKF.TOKEN_PRESENT, new Version(1, 0), new Version(1, 0));

    private SoftwareModule() {}

    public static Pkcs11Module of(Token token) {
        return new Pkcs11Module() {
            @Override
            public String name() {
                return token.module();
            }

            @Override
            public Cryptoki connect() throws CryptokiException {
                throw new CryptokiException("connect", CKR.GENERAL_ERROR, "a stand-in has no functions");
            }

            @Override
            public long generation() {
                return 1;
            }

            @Override
            public void restart(long generation, String reason) {}

            @Override
            public int maxConnections() {
                return 1;
            }

            @Override
            public void close() {}
        };
    }

    public static TokenScanner scanner(Token token) {
        return new TokenScanner() {
            @Override
            public List<Token> tokens() {
                return List.of(token);
            }

            @Override
            public List<ReaderSlot> slots() {
                return List.of(new ReaderSlot(token.module(), 0, SLOT, token, false));
            }

            @Override
            public void initialise(ReaderSlot slot, @Nullable MemorySegment officerPin, String label) {
                throw new UnsupportedOperationException();
            }

            @Override
            public boolean scan() {
                return false;
            }

            @Override
            public void close() {}
        };
    }
}
