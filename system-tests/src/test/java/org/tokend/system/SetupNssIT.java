package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.fixtures.daemon.CommandResult;

@DisplayName("tokenctl setup nss")
@Timeout(120)
class SetupNssIT {
    @TempDir
    Path directory;

    private ApplicationDesk desk;
    private Path profile;

    @BeforeEach
    void start() throws Exception {
        desk = new ApplicationDesk(directory);
        profile = Files.createDirectories(desk.file(".thunderbird/abcd1234.default"));
        desk.succeeds("certutil", "-N", "-d", "sql:" + profile, "--empty-password");
    }

    @AfterEach
    void stop() {
        desk.close();
    }

    private CommandResult tokenctl(String... arguments) throws Exception {
        return tokenctl(Map.of(), arguments);
    }

    private CommandResult tokenctl(Map<String, String> more, String... arguments) throws Exception {
        ProcessBuilder builder = desk.program(Path.of(System.getProperty("tokend.home"), "bin/tokenctl")
                .toRealPath()
                .toString());
        builder.command().addAll(List.of(arguments));
        builder.environment().put("TOKEND_JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(desk.daemon().environment());
        builder.environment().putAll(more);
        return desk.programs().run(builder);
    }

    private CommandResult setup(String... more) throws Exception {
        List<String> arguments = new java.util.ArrayList<>(List.of("setup", "nss", "--profile", profile.toString()));
        arguments.addAll(List.of(more));
        return tokenctl(arguments.toArray(String[]::new));
    }

    private void assertKeysAreThere() throws Exception {
        assertThat(desk.succeeds("certutil", "-K", "-d", "sql:" + profile, "-h", "card"))
                .contains("rsa-2048-a", "p256-a");
    }

    @Test
    @DisplayName("makes NSS find the keys, says so to doctor apps, changes nothing the second time, and undoes it")
    void setUp() throws Exception {
        assertThat(tokenctl("doctor", "apps").output())
                .contains("does not load p11-kit-client.so", "tokenctl setup nss --profile '" + profile + "'");
        CommandResult done = setup();
        assertThat(done.status()).as(done.errors()).isZero();
        assertKeysAreThere();
        CommandResult doctor = tokenctl("doctor", "apps");
        assertThat(doctor.status()).as(doctor.output()).isZero();
        assertThat(doctor.output()).contains(profile + " loads p11-kit-client.so", "answers and shows 1 token");

        String list = Files.readString(profile.resolve("pkcs11.txt"));
        assertThat(setup("--json").output()).contains("\"changed\":false");
        assertThat(profile.resolve("pkcs11.txt")).hasContent(list);

        assertThat(setup("--remove", "--json").output()).contains("\"installed\":false,\"changed\":true");
        assertThat(desk.succeeds("modutil", "-dbdir", "sql:" + profile, "-list"))
                .doesNotContain("tokend");
    }

    @Test
    @DisplayName("does it without modutil too")
    void withoutModutil() throws Exception {
        for (String program : List.of("readlink", "dirname", "basename", "uname", "sed")) {
            desk.programs().script(program, "exec /usr/bin/" + program + " \"$@\"");
        }
        Map<String, String> path = Map.of("PATH", desk.file("bin").toString());
        CommandResult done = tokenctl(path, "setup", "nss", "--profile", profile.toString());
        assertThat(done.status()).as(done.errors()).isZero();
        assertKeysAreThere();
        assertThat(desk.succeeds("modutil", "-dbdir", "sql:" + profile, "-list"))
                .contains("tokend");
    }

    @Test
    @DisplayName("leaves a database alone that a program has open, and a directory that is none")
    void refuses() throws Exception {
        try (InputStream open = Files.newInputStream(profile.resolve("cert9.db"))) {
            assertThat(open.read()).isNotNegative();
            CommandResult refused = setup();
            assertThat(refused.status()).isEqualTo(75);
            assertThat(refused.errors())
                    .contains("(pid " + ProcessHandle.current().pid() + ")", "end it");
        }
        assertThat(tokenctl("setup", "nss", "--profile", directory.toString()).status())
                .isEqualTo(66);
        assertThat(tokenctl("setup", "nss").status()).isEqualTo(64);
    }
}
