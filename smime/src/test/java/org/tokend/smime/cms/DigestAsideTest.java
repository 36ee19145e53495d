package org.tokend.smime.cms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.security.MessageDigest;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A content that is hashed beside the writer")
class DigestAsideTest {

    private static final int PIECE = 10_000;

    private static MessageDigest sha256() {
        return Digests.forSmall("SHA-256");
    }

    private static DigestAside aside() {
        return DigestAside.of("SHA-256");
    }

    private static DigestAside broken() {
        return new DigestAside(DigestAsideTest::sha256, Broken::new);
    }

    private static boolean threadRuns() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals(DigestAside.THREAD));
    }

    @AfterEach
    void noThreadStays() {
        assertThat(threadRuns()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0,
                1,
                DigestAside.BLOCK - 1,
                DigestAside.BLOCK,
                DigestAside.BLOCK + 1,
                2 * DigestAside.BLOCK,
                40 * DigestAside.BLOCK + 1
            })
    @DisplayName("has the digest that it has in one piece, whatever pieces it comes in")
    void sameDigest(int size) throws IOException {
        byte[] content = new byte[size];
        Random random = new Random(size);
        random.nextBytes(content);
        for (int most : new int[] {1 + size / 3, PIECE, DigestAside.BLOCK, 2 * DigestAside.BLOCK}) {
            try (DigestAside digest = aside()) {
                int from = 0;
                while (from < size) {
                    int count = Math.min(size - from, 1 + random.nextInt(most));
                    digest.write(content, from, count);
                    from += count;
                }
                digest.finish();
                assertThat(digest.digest()).isEqualTo(sha256().digest(content));
            }
        }
    }

    @Test
    @DisplayName("has a thread for it once it fills a block, until all is hashed")
    void thread() throws IOException {
        try (DigestAside digest = aside()) {
            digest.write(new byte[DigestAside.BLOCK - 1]);
            assertThat(threadRuns()).isFalse();
            digest.write(0);
            assertThat(threadRuns()).isTrue();
            digest.finish();
            assertThat(threadRuns()).isFalse();
        }
    }

    @Test
    @DisplayName("has no digest before all of it is hashed")
    void notYet() throws IOException {
        try (DigestAside digest = aside()) {
            digest.write(new byte[DigestAside.BLOCK + 1]);
            assertThatThrownBy(digest::digest).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    @DisplayName("may be given up in the middle")
    void givenUp() throws IOException {
        try (DigestAside digest = aside()) {
            digest.write(new byte[20 * DigestAside.BLOCK]);
        }
    }

    @Test
    @DisplayName("fails at the writer when it cannot be hashed, who never waits for blocks that do not come back")
    void failure() {
        try (DigestAside digest = broken()) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 100; i++) {
                            digest.write(new byte[DigestAside.BLOCK]);
                        }
                        digest.finish();
                    })
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("could not be hashed")
                    .hasRootCauseInstanceOf(ArithmeticException.class);
        }
    }

    @Test
    @DisplayName("fails at its end when the last of it cannot be hashed")
    void lateFailure() throws IOException {
        try (DigestAside digest = broken()) {
            digest.write(new byte[DigestAside.BLOCK + 1]);
            assertThatThrownBy(digest::finish).hasRootCauseInstanceOf(ArithmeticException.class);
        }
    }

    @Test
    @DisplayName("ends with the writer's interruption, which the writer still sees")
    void interrupted() throws IOException {
        try (DigestAside digest = aside()) {
            digest.write(new byte[DigestAside.BLOCK + 1]);
            Thread.currentThread().interrupt();
            assertThatThrownBy(digest::finish).isInstanceOf(InterruptedIOException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    /** Takes a block and no more. */
    private static final class Broken extends MessageDigest {
        private long seen;

        Broken() {
            super("broken");
        }

        @Override
        protected void engineUpdate(byte input) {
            engineUpdate(new byte[] {input}, 0, 1);
        }

        @Override
        protected void engineUpdate(byte[] input, int offset, int length) {
            seen += length;
            if (seen > DigestAside.BLOCK) {
                throw new ArithmeticException("too much");
            }
        }

        @Override
        protected byte[] engineDigest() {
            return new byte[0];
        }

        @Override
        protected void engineReset() {}
    }
}
