package org.tokend.tokenctl.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.AbstractMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokend.tokenctl.output.Environment;

class RootCommandTest {

    /** The first that a command looks at. */
    private static final class NoMemory extends AbstractMap<String, String> {
        @Override
        public Set<Map.Entry<String, String>> entrySet() {
            throw new OutOfMemoryError("Java heap space");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "keys", "status --json"})
    @DisplayName("A command that has not memory enough says so, and how it is given more")
    void noMemory(String command) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        Environment environment = new Environment(
                InputStream.nullInputStream(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(errors, true, StandardCharsets.UTF_8),
                new NoMemory(),
                false,
                false,
                Clock.systemUTC());
        String[] arguments = command.split(" ", -1);

        int status = RootCommand.commandLine(environment, arguments).execute(arguments);

        assertThat(status).isEqualTo(78);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(errors.toString(StandardCharsets.UTF_8))
                .contains("MiB, is not enough for this; set TOKENCTL_HEAP=256m")
                .doesNotContain("defect", "\tat ");
    }
}
