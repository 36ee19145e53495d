package org.tokend.pkcs11.token;

import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.TokenIdentity;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.object.ObjectCatalog;
import org.tokend.pkcs11.object.ObjectMemory;
import org.tokend.pkcs11.object.TooManyObjectsException;
import org.tokend.pkcs11.session.SessionLease;

/** Reads the objects of one token. One that holds too many is not read again at once: it takes long, and everybody asks. */
final class CatalogReads {
    private final TokenIdentity token;
    private final ObjectMemory memory;
    private volatile @Nullable TooMany tooMany;

    /** @param until by {@link System#nanoTime} */
    private record TooMany(
            long generation, long until, @Nullable String objects) {}

    CatalogReads(TokenIdentity token, ObjectMemory memory) {
        this.token = token;
        this.memory = memory;
    }

    /**
     * @param before of the same generation, to read only what is new since then; or null
     * @throws TokenException.Failed when the token holds more than there is memory for
     */
    ObjectCatalog read(SessionLease lease, @Nullable ObjectCatalog before) throws TokenException, CryptokiException {
        long generation = lease.generation().number();
        long begin = System.nanoTime();
        TooMany last = tooMany;
        if (last != null && last.generation() == generation && begin - last.until() < 0) {
            throw failure(last);
        }
        try {
            ObjectCatalog read = ObjectCatalog.read(lease.cryptoki(), lease.session(), memory, before);
            tooMany = null;
            return read;
        } catch (TooManyObjectsException e) {
            long now = System.nanoTime();
            TooMany found = new TooMany(generation, now + TokenViews.pauseAfter(now - begin, false), e.getMessage());
            tooMany = found;
            throw failure(found);
        }
    }

    private TokenException failure(TooMany found) {
        return new TokenException.Failed(
                "The token " + token + " says that it holds " + found.objects()
                        + ", more than there is memory for: make it hold fewer, or give the daemon more memory.",
                CKR.HOST_MEMORY);
    }
}
