package org.tokend.pkcs11.rpc;

/**
 * How mechanisms are written. p11-kit changed it in 0.25.6 without looking at the version that both ends had agreed on; who
 * offers version 2 speaks the new one, all others the old one.
 */
public enum Dialect {
    /** p11-kit up to 0.25.5: every mechanism is followed by a parameter, which is a NULL byte array where there is none. */
    A,
    /** p11-kit 0.25.6 and later: nothing follows a mechanism without parameter, a presence byte precedes all others. */
    B;

    static final int NEWEST_VERSION = 2;

    /** @param version the agreed version byte */
    static Dialect ofVersion(int version) {
        return version >= NEWEST_VERSION ? B : A;
    }
}
