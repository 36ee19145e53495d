package org.tokend.smime;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;
import org.tokend.protocol.KeyDescription;
import org.tokend.protocol.Sign;
import org.tokend.protocol.UnwrapContentKey;
import org.tokend.smime.cms.TokenKeys;
import org.tokend.smime.mime.Source;

/**
 * Whatever arrives as a mail is read or refused with a typed error, in bounded memory and time, and nothing is called proven
 * that its sender did not sign. Without JAZZER_FUZZ the seeds and earlier findings are replayed; {@code ./fuzz} looks for more.
 */
class HostileMailFuzzTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-21T12:00:00Z"), ZoneOffset.UTC);

    /** For an input of some kilobytes, which may unpack to a megabyte before it is called a bomb. */
    private static final long MOST_ALLOCATED = 64L << 20;

    private static final Duration LONGEST = Duration.ofSeconds(30);

    private static final ThreadMXBean MEMORY = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    Path directory;

    private final MailSeeds seeds = new MailSeeds();
    private final Set<String> signed = new HashSet<>();

    static Stream<byte[]> mails() throws IOException {
        return new MailSeeds().all().stream();
    }

    @MethodSource("mails")
    @FuzzTest(maxDuration = "20s")
    void isReadOrRefused(byte[] message) throws IOException {
        if (signed.isEmpty()) {
            rememberWhatIsSigned();
        }
        long start = System.nanoTime();
        if (allocatedToRead(message) > MOST_ALLOCATED) {
            // The first mail of a kind pays for loading, and changing, the classes that read it.
            assertThat(allocatedToRead(message)).as("bytes allocated").isLessThan(MOST_ALLOCATED);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LONGEST);
    }

    private long allocatedToRead(byte[] message) throws IOException {
        long before = MEMORY.getCurrentThreadAllocatedBytes();
        try (MessageReader.OpenedMail opened = reader().open(Source.of(message))) {
            if (opened.isProven()) {
                assertThat(content(opened)).as("what is called proven").isIn(signed);
                assertThat(opened.isBad()).isFalse();
            }
        } catch (IOException typed) {
            assertThat(typed.getMessage()).isNotBlank();
        }
        return MEMORY.getCurrentThreadAllocatedBytes() - before;
    }

    private void rememberWhatIsSigned() throws IOException {
        for (byte[] mail : seeds.signed()) {
            try (MessageReader.OpenedMail opened = reader().open(Source.of(mail))) {
                assertThat(opened.isProven()).isTrue();
                signed.add(content(opened));
            }
        }
    }

    private static String content(MessageReader.OpenedMail opened) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        opened.writeTo(content);
        return content.toString(StandardCharsets.ISO_8859_1);
    }

    private MessageReader reader() {
        MessageVerifier verifier = new MessageVerifier(MailTrust.ofRoots(seeds.roots(), CLOCK), List.of(), directory);
        return new MessageReader(new RejectingKeys(), verifier, directory);
    }

    /** As the daemon does: a key that cannot be unwrapped looks like one that can. */
    private final class RejectingKeys implements TokenKeys {
        @Override
        public List<KeyDescription> list() {
            return seeds.alice.list();
        }

        @Override
        public byte[] sign(Sign request) {
            throw new AssertionError("a mail that is read has something signed");
        }

        @Override
        public byte[] unwrapContentKey(UnwrapContentKey request) {
            try {
                return seeds.alice.unwrapContentKey(request);
            } catch (IllegalStateException doesNotUnwrap) {
                return new byte[request.keyLength()];
            } finally {
                seeds.alice.unwrapped().clear();
            }
        }
    }
}
