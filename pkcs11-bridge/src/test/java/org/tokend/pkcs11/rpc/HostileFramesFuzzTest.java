package org.tokend.pkcs11.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import org.tokend.pkcs11.application.SampleApplication;

/**
 * Whatever an application sends, each frame has its reply, which its client can read; nothing but the errors of PKCS#11 comes
 * out, memory and time are bounded, and the connection goes on. Without JAZZER_FUZZ the seeds and earlier findings are
 * replayed; {@code ./fuzz} looks for more.
 */
class HostileFramesFuzzTest {
    /** For one call: random numbers up to the size of a frame, on their way from the token. */
    private static final long MOST_ALLOCATED = 80L << 20;

    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final MessageWriter replies = new MessageWriter();
    private final MessageWriter copies = new MessageWriter();

    static Stream<byte[]> frames() throws IOException {
        Stream<byte[]> captured = Stream.of(FrameSeeds.stream(0, CapturedConversationTest.frames()));
        return Stream.concat(FrameSeeds.all().stream(), captured);
    }

    @MethodSource("frames")
    @FuzzTest(maxDuration = "20s")
    void eachFrameIsAnswered(byte[] input) throws Exception {
        long start = System.nanoTime();
        if (allocatedBy(input) > MOST_ALLOCATED) {
            // The first call of a kind pays for loading, and changing, the classes that answer it.
            assertThat(allocatedBy(input)).as("bytes allocated").isLessThan(MOST_ALLOCATED);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LONGEST);
    }

    @AfterEach
    void giveBack() {
        replies.close();
        copies.close();
    }

    private long allocatedBy(byte[] input) throws Exception {
        return new FramePlay(input, replies, copies).run();
    }

    @Test
    @DisplayName("The handles in the seeds are those of the application that they are played to")
    void handles() throws Exception {
        try (SampleApplication application = new SampleApplication(false)) {
            assertThat(application.objects())
                    .containsExactlyInAnyOrderElementsOf(List.of(
                            SampleApplication.DATA,
                            SampleApplication.RSA_PRIVATE,
                            SampleApplication.RSA_PUBLIC,
                            SampleApplication.EC_PRIVATE,
                            SampleApplication.EC_PUBLIC));
        }
    }
}
