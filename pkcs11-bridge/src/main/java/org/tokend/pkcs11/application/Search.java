package org.tokend.pkcs11.application;

import java.util.Arrays;

/** A search under way: what was found when it began, given out piece by piece. */
final class Search implements Operation {
    private final long[] found;
    private int given;

    Search(long[] found) {
        this.found = found;
    }

    long[] next(int most) {
        int end = (int) Math.min(found.length, (long) given + Math.max(0, most));
        long[] piece = Arrays.copyOfRange(found, given, end);
        given = end;
        return piece;
    }

    @Override
    public void wipe() {
        given = found.length;
    }
}
