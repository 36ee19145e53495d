package org.tokend.pkcs11.token;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.TokenIdentity;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.MechanismInfo;
import org.tokend.pkcs11.session.ReturnValueClass;
import org.tokend.pkcs11.session.SessionLease;
import org.tokend.pkcs11.session.SessionPool;
import org.tokend.pkcs11.session.TokenSlot;

/** All mechanisms of a token, in its order, read once in a generation. */
final class TokenMechanisms {
    private final TokenIdentity token;
    private final SessionPool pool;
    private volatile @Nullable Known known;

    private record Known(long generation, Map<Long, MechanismInfo> mechanisms) {}

    TokenMechanisms(TokenIdentity token, SessionPool pool) {
        this.token = token;
        this.pool = pool;
    }

    Map<Long, MechanismInfo> current() throws TokenException {
        Known before = known;
        if (before != null && pool.holds(before.generation())) {
            return before.mechanisms();
        }
        try (SessionLease lease = pool.lease(false)) {
            return read(lease);
        }
    }

    /** So that nobody else needs to ask. Waits for nobody: where no session is free at once, the next look will do. */
    void prefetch() throws TokenException {
        Known before = known;
        if (before == null || !pool.holds(before.generation())) {
            try (SessionLease lease = pool.leaseNow()) {
                read(lease);
            } catch (TokenException.Busy e) {
                // See above.
            }
        }
    }

    private Map<Long, MechanismInfo> read(SessionLease lease) throws TokenException {
        TokenSlot slot = lease.generation().slot();
        if (slot == null) {
            throw new TokenException.Removed("The token " + token + " is not there.");
        }
        try {
            Known read = new Known(lease.generation().number(), read(lease.cryptoki(), slot.slot()));
            lease.keep();
            known = read;
            return read.mechanisms();
        } catch (CryptokiException e) {
            if (ReturnValueClass.of(e) == ReturnValueClass.TOKEN_GONE) {
                pool.end(lease.generation().number(), e.getMessage(), false);
            }
            throw Failures.of(token, e);
        }
    }

    private static Map<Long, MechanismInfo> read(Cryptoki cryptoki, long slot) throws CryptokiException {
        Map<Long, MechanismInfo> mechanisms = new LinkedHashMap<>();
        for (long mechanism : cryptoki.getMechanismList(slot)) {
            try {
                mechanisms.put(mechanism, cryptoki.getMechanismInfo(slot, mechanism));
            } catch (CryptokiException e) {
                if (e.returnValue() != CKR.MECHANISM_INVALID) {
                    throw e;
                }
                // Listed and yet unknown: of no use.
            }
        }
        return Collections.unmodifiableMap(mechanisms);
    }
}
