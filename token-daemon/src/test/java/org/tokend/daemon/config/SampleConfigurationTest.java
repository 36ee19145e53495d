package org.tokend.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.daemon.access.KeyRight;
import org.tokend.daemon.access.KeyRule;
import org.tokend.daemon.access.Profile;

/** The sample that people copy says what holds. */
class SampleConfigurationTest {
    @TempDir
    Path directory;

    @Test
    @DisplayName("The sample as it stands means the defaults")
    void sampleIsDefaults() throws Exception {
        assertThat(read(sample())).isEqualTo(Configuration.defaults());
    }

    @Test
    @DisplayName("The settings shown as examples are known, and those with a default show it")
    void examplesAreKnown() throws Exception {
        Path module = Files.writeString(directory.resolve("m.so"), "");
        Files.setPosixFilePermissions(module, PosixFilePermissions.fromString("rw-r--r--"));
        String all = sample().replaceAll("(?m)^#: ", "").replace("/usr/lib/softhsm/libsofthsm2.so", module.toString());

        Configuration configuration = read(all);

        ModuleSettings shown = configuration.modules().getFirst();
        assertThat(shown)
                .usingRecursiveComparison()
                .ignoringFields("environment", "initArguments")
                .isEqualTo(ModuleSettings.of("softhsm", module));
        assertThat(configuration.tokens().getFirst().idleLock())
                .isEqualTo(PinSettings.defaults().idleLock());
        assertThat(configuration.tokens().getFirst().absoluteLock())
                .isEqualTo(PinSettings.defaults().absoluteLock());
        assertThat(configuration.keys().getFirst().role()).isEqualTo(KeyRule.Role.MAIL);
        assertThat(configuration.keys().getFirst().confirm()).isFalse();
        assertThat(configuration.applications().getFirst().rights()).containsExactlyInAnyOrder(KeyRight.values());
        assertThat(configuration.applications().getFirst().profile()).isEqualTo(Profile.MAIL);
    }

    private Configuration read(String text) throws Exception {
        Path file = Files.writeString(directory.resolve("config.toml"), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        return new ConfigReader(new FileTrust(OwnUser.uid())).read(file);
    }

    private static String sample() throws IOException {
        try (InputStream in = Objects.requireNonNull(Configuration.class.getResourceAsStream("config.toml"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
