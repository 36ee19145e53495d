package org.tokend.smime.cms;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import org.conscrypt.Conscrypt;
import org.jspecify.annotations.Nullable;

/** Who hashes, by the JDK's name of the digest, which every JDK has. */
final class Digests {

    /** Looked for when it is first needed: loading its native part takes longer than hashing a small mail. */
    private static final class Native {
        private static final @Nullable Provider PROVIDER = find();

        private static @Nullable Provider find() {
            try {
                return Conscrypt.newProvider();
            } catch (LinkageError | RuntimeException notHere) {
                return null;
            }
        }
    }

    private Digests() {}

    /** The JDK, which uses the processor's own instructions once C2 has compiled their call. */
    static MessageDigest forSmall(String jcaName) {
        try {
            return MessageDigest.getInstance(jcaName);
        } catch (NoSuchAlgorithmException impossible) {
            throw notInTheJdk(jcaName, impossible);
        }
    }

    /** Conscrypt where it is there and its native part loads, which uses them from the first octet on; otherwise the JDK. */
    static MessageDigest forLarge(String jcaName) {
        Provider conscrypt = Native.PROVIDER;
        if (conscrypt == null || conscrypt.getService("MessageDigest", jcaName) == null) {
            return forSmall(jcaName);
        }
        try {
            return MessageDigest.getInstance(jcaName, conscrypt);
        } catch (NoSuchAlgorithmException impossible) {
            throw notInTheJdk(jcaName, impossible);
        }
    }

    private static IllegalStateException notInTheJdk(String jcaName, NoSuchAlgorithmException cause) {
        return new IllegalStateException(jcaName + " is part of every JDK", cause);
    }
}
