package org.tokend.daemon.access;

import java.util.Locale;

/** The door that a caller came through. */
public enum Front {
    VARLINK,
    /** A PKCS#11 application by way of p11-kit-client.so. */
    P11KIT;

    /** In the audit. */
    public String recordName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
