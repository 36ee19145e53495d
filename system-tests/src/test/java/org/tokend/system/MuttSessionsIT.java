package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokend.fixtures.daemon.CommandResult;
import org.tokend.fixtures.keys.TestKey;

/** The settings of docs/mutt.md as they stand there, and a person's keys on the program's own screens. */
@DisplayName("A person who writes and reads mail in")
class MuttSessionsIT {

    /** Each key is sent when the screen that asks for it is there; the deadline only ends a session that hangs. */
    private static final String SESSION = """
            set timeout 120
            set stty_init "rows 40 columns 120"
            proc missing {what} {
                puts "\\n$what"
                exit 3
            }
            proc screen {pattern} {
                expect {
                    -re $pattern {}
                    timeout { missing "NO SCREEN WITH $pattern" }
                    eof { missing "ENDED BEFORE $pattern" }
                }
            }
            proc all {patterns} {
                set seen ""
                foreach pattern $patterns {
                    while {![regexp -- $pattern $seen]} {
                        expect {
                            -re ".+" { append seen $expect_out(buffer) }
                            timeout { missing "NO SCREEN WITH $pattern" }
                            eof { missing "ENDED BEFORE $pattern" }
                        }
                    }
                }
            }
            """;

    private static final String WRITE = """
            spawn PROGRAM -n -F muttrc -s Lunch alice@example.org
            screen "To:"
            send "\\r"
            screen "Subject:"
            send "\\r"
            screen "Mutt: Compose"
            send "y"
            screen "passphrase"
            send "\\r"
            screen "Mail sent"
            expect eof
            """;

    /** The line at the bottom and the text above it are drawn in either order. */
    private static final String READ = """
            spawn PROGRAM -n -F muttrc -f sent.mbox
            screen "Mutt: .*sent.mbox"
            send "\\r"
            screen "passphrase"
            send "\\r"
            all {
                "Verification successful"
                "good: signed"
                "Subject: Lunch"
                "The cake is in the fridge"
                "S/MIME signature successfully verified"
            }
            send "q"
            send "x"
            expect eof
            """;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"mutt", "neomutt"})
    @DisplayName("signs and encrypts on the compose screen, and sees the verdict and the subject in the pager")
    void session(String program) throws Exception {
        try (MailDesk desk = new MailDesk(directory, TestKey.RSA_2048_A)) {
            prepare(desk);
            play(desk, program, WRITE);
            String sent = Files.readString(desk.file("sent.mbox"));
            assertThat(sent)
                    .contains("\nSubject: ...\n")
                    .doesNotContain("Lunch")
                    .doesNotContain("cake");
            CommandResult read = desk.tokenctl(
                    "smime", "decrypt", "--unwrap", "--json", "sent.mbox", "--anchors", "root.pem", "-o", "read.txt");
            assertThat(read.output())
                    .contains("\"proven\":true")
                    .contains("\"headerProtection\":\"partial\",\"subject\":\"Lunch\",\"headerChanges\":[]");
            play(desk, program, READ);
        }
    }

    /**
     * What differs from docs/mutt.md is what no person does: a text that is finished within the first milliseconds of a second may bear the
     * time of the empty one, and the program gives a mail up that nobody has changed.
     */
    private static void prepare(MailDesk desk) throws Exception {
        StringBuilder settings = new StringBuilder();
        boolean inside = false;
        for (String line : Files.readAllLines(Path.of("..", "docs", "mutt.md"))) {
            if (line.startsWith("```")) {
                inside = !inside;
            } else if (inside && (line.startsWith("set ") || line.startsWith("unset "))) {
                settings.append(line).append('\n');
            }
        }
        Files.writeString(desk.file("muttrc"), settings + """
                        set from = "alice@example.org"
                        set realname = "Alice"
                        set copy = no
                        set editor = "./editor"
                        set abort_unmodified = no
                        set sendmail = "./sendmail"
                        set folder = "."
                        set spoolfile = "./inbox"
                        set mbox_type = mbox
                        set move = no
                        set smime_keys = "keys"
                        set smime_certificates = "certificates"
                        set crypt_autosign = yes
                        set crypt_autoencrypt = yes
                        """);
        script(desk, "editor", "echo 'The cake is in the fridge.' >> \"$1\"");
        script(desk, "sendmail", "{ echo 'From alice@example.org Sat Nov 21 12:00:00 2026'; cat; echo; } >> sent.mbox");
        Files.createFile(desk.file("inbox"));
        Files.createDirectory(desk.file("keys"));
        Path certificates = Files.createDirectory(desk.file("certificates"));
        Files.copy(desk.file("RSA_2048_A.pem"), certificates.resolve("alice.0"));
        Files.writeString(certificates.resolve(".index"), "alice@example.org alice.0 alice ca t\n");
        Files.copy(
                desk.file("root.pem"),
                Files.createDirectories(desk.file("config/tokend/trust")).resolve("root.pem"));
        Files.copy(
                desk.file("issuing.pem"),
                Files.createDirectories(desk.file("data/tokend/intermediates")).resolve("issuing.pem"));
    }

    private static void script(MailDesk desk, String name, String line) throws Exception {
        Path file = Files.writeString(desk.file(name), "#!/bin/sh\n" + line + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private static void play(MailDesk desk, String program, String keys) throws Exception {
        Files.writeString(desk.file("session.exp"), SESSION + keys.replace("PROGRAM", program), StandardCharsets.UTF_8);
        Map<String, String> environment = new LinkedHashMap<>(desk.daemon().environment());
        environment.put(
                "PATH", Path.of(System.getProperty("tokend.home"), "bin").toRealPath() + ":" + System.getenv("PATH"));
        environment.put("HOME", desk.file(".").toRealPath().toString());
        environment.put("XDG_CONFIG_HOME", desk.file("config").toString());
        environment.put("XDG_DATA_HOME", desk.file("data").toString());
        environment.put("TERM", "xterm");
        environment.put("LC_ALL", "C.UTF-8");
        CommandResult played = desk.runWith(environment, "expect", "session.exp");
        assertThat(played.status()).as(played.output() + played.errors()).isZero();
    }
}
