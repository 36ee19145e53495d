package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.fixtures.daemon.CommandResult;
import org.tokend.fixtures.keys.TestKey;

@DisplayName("git")
class GitCommitsIT {

    @TempDir
    Path directory;

    @Test
    @DisplayName("signs commits and tags with a key on a token, and verifies them; a changed commit is not good")
    void signsAndVerifies() throws Exception {
        try (MailDesk desk = new MailDesk(directory, TestKey.RSA_2048_A, TestKey.P256_A)) {
            Path program = Files.writeString(
                    desk.file("git-x509"),
                    "#!/bin/sh\nexec " + Path.of(System.getProperty("tokend.home"), "bin", "tokenctl")
                            + " git-x509 --anchors " + desk.file("root.pem") + " \"$@\"\n");
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
            desk.succeeds("git", "init", "-q", "repository");
            for (Map.Entry<String, String> each : Map.of(
                            "gpg.format", "x509",
                            "gpg.x509.program", program.toString(),
                            "user.name", "Alice",
                            "user.email", "alice@example.org",
                            "user.signingKey", "rsa-2048-a")
                    .entrySet()) {
                desk.succeeds("git", "-C", "repository", "config", each.getKey(), each.getValue());
            }
            git(desk, "commit", "-q", "-S", "--allow-empty", "-m", "Signed on a card");
            CommandResult good = git(desk, "verify-commit", "--raw", "HEAD");
            assertThat(good.errors()).contains("[GNUPG:] GOODSIG").contains("TRUST_FULLY");
            assertThat(git(desk, "log", "-1", "--format=%G? %GS").output())
                    .startsWith("G ")
                    .contains("alice@example.org");
            git(desk, "tag", "-s", "-m", "One", "v1");
            git(desk, "verify-tag", "v1");
            CommandResult raw = git(desk, "cat-file", "commit", "HEAD");
            Files.writeString(desk.file("forged"), raw.output().replace("Signed on", "Forged on"));
            CommandResult forged = desk.run(
                    "git",
                    "-C",
                    "repository",
                    "hash-object",
                    "-t",
                    "commit",
                    "-w",
                    desk.file("forged").toString());
            CommandResult bad = desk.runWith(
                    desk.daemon().environment(),
                    "git",
                    "-C",
                    "repository",
                    "verify-commit",
                    "--raw",
                    forged.output().trim());
            assertThat(bad.status()).isNotZero();
            assertThat(bad.errors()).contains("[GNUPG:] BADSIG");
        }
    }

    private static CommandResult git(MailDesk desk, String... arguments) throws Exception {
        String[] command = new String[arguments.length + 3];
        command[0] = "git";
        command[1] = "-C";
        command[2] = "repository";
        System.arraycopy(arguments, 0, command, 3, arguments.length);
        CommandResult result = desk.runWith(desk.daemon().environment(), command);
        assertThat(result.status()).as("%s%s", result.output(), result.errors()).isZero();
        return result;
    }
}
