package org.tokend.pkcs11.application;

import java.util.Arrays;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/** A search under way: what was found when it began, given out piece by piece. */
final class Search implements Operation {
    private static final long[] NOTHING = {};

    private final Quota quota;
    private long[] found;
    private int given;

    Search(long[] found, Quota quota) throws CryptokiException {
        quota.take(bytes(found));
        this.quota = quota;
        this.found = found;
    }

    private static long bytes(long[] handles) {
        return (long) handles.length * Long.BYTES;
    }

    long[] next(int most) {
        int end = (int) Math.min(found.length, (long) given + Math.max(0, most));
        long[] piece = Arrays.copyOfRange(found, given, end);
        given = end;
        return piece;
    }

    @Override
    public void wipe() {
        quota.giveBack(bytes(found));
        found = NOTHING;
        given = 0;
    }
}
