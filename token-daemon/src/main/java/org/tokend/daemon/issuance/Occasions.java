package org.tokend.daemon.issuance;

import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.tokend.daemon.access.Caller;
import org.tokend.daemon.access.RefusalException;
import org.tokend.pkcs11.KeyFingerprint;
import org.tokend.protocol.ErrorCode;

/** The occasions that are open, at most one for each key. In memory only: a restart of the daemon ends all. Thread-safe. */
public final class Occasions {
    private final Map<KeyFingerprint, Occasion> open = new ConcurrentHashMap<>();
    private final InstantSource clock;

    public Occasions(InstantSource clock) {
        this.clock = clock;
    }

    /** @throws RefusalException DENIED when one is open for the key already: its name stands in records, and cannot change */
    public void open(Occasion occasion) throws RefusalException {
        Occasion other = open.putIfAbsent(occasion.key(), occasion);
        if (other != null) {
            throw new RefusalException(
                    ErrorCode.DENIED,
                    "the occasion \"" + other.name() + "\" is open for the key " + occasion.key() + " until "
                            + other.until() + "; end it first with \"tokenctl ca close\"");
        }
    }

    /** @throws RefusalException DENIED when none is open for the key and the user */
    public Occasion current(Caller caller, KeyFingerprint key) throws RefusalException {
        Occasion occasion = open.get(key);
        if (occasion == null || !clock.instant().isBefore(occasion.until())) {
            throw new RefusalException(
                    ErrorCode.DENIED,
                    "no occasion is open for the key " + key
                            + ", and a CA's key signs on named occasions only; open one with \"tokenctl ca open\"");
        }
        if (occasion.uid() != caller.uid()) {
            throw new RefusalException(
                    ErrorCode.DENIED,
                    "the occasion \"" + occasion.name() + "\" for the key " + key + " was opened by another user");
        }
        return occasion;
    }

    /** What was open, and is no more. */
    public Optional<Occasion> close(KeyFingerprint key) {
        return Optional.ofNullable(open.remove(key));
    }

    /** @return whether this very one was still open */
    public boolean close(Occasion occasion) {
        return open.remove(occasion.key(), occasion);
    }
}
