package org.tokend.daemon.access;

import org.tokend.protocol.Algorithm;

/** What an {@link ApplicationRule} lets programs do with keys. A key for which there is no right at all is hidden. */
public enum KeyRight {
    /** The key and its certificates are seen. Comes with each of the others. */
    LISTED,
    SIGN,
    DECRYPT,
    /** ECDH, also for opening mail with an EC key. */
    DERIVE;

    static KeyRight neededFor(Algorithm algorithm) {
        return switch (algorithm.operation()) {
            case SIGN -> SIGN;
            case DECRYPT -> DECRYPT;
            case AGREE -> DERIVE;
        };
    }
}
