package org.tokend.smime.cms;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import org.conscrypt.Conscrypt;
import org.jspecify.annotations.Nullable;

/**
 * Who hashes large contents: Conscrypt where it is there and its native part loads, which uses the processor's own instructions from
 * the first octet on; otherwise the JDK, which uses them once C2 has compiled their call.
 */
final class LargeDigests {

    private static final @Nullable Provider CONSCRYPT = find();

    private LargeDigests() {}

    private static @Nullable Provider find() {
        try {
            return Conscrypt.newProvider();
        } catch (LinkageError | RuntimeException notHere) {
            return null;
        }
    }

    /** @param jcaName of a digest that the JDK has */
    static MessageDigest of(String jcaName) {
        Provider conscrypt = CONSCRYPT;
        try {
            if (conscrypt != null && conscrypt.getService("MessageDigest", jcaName) != null) {
                return MessageDigest.getInstance(jcaName, conscrypt);
            }
            return MessageDigest.getInstance(jcaName);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(jcaName + " is part of every JDK", impossible);
        }
    }
}
