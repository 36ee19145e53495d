package org.tokend.daemon.unlock;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.MessageDigest;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class OffHeapSha256Test {
    @Test
    @DisplayName("The digest is the JDK's, for every length up to five blocks, also when used again")
    void sameAsJdk() throws Exception {
        Random random = new Random(42);
        try (OffHeapSha256 hash = new OffHeapSha256();
                Arena arena = Arena.ofConfined()) {
            MemorySegment digest = arena.allocate(OffHeapSha256.DIGEST_BYTES);
            for (int length = 0; length <= 320; length++) {
                byte[] message = new byte[length];
                random.nextBytes(message);
                hash.update(MemorySegment.ofArray(message));
                hash.digest(digest);
                assertThat(digest.toArray(ValueLayout.JAVA_BYTE))
                        .isEqualTo(MessageDigest.getInstance("SHA-256").digest(message));
            }
        }
    }
}
