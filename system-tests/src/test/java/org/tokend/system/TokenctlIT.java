package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tokend.fixtures.daemon.CommandResult;
import org.tokend.fixtures.keys.TestKey;

@DisplayName("tokenctl")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TokenctlIT {
    private static final Path SHARE = Path.of(System.getProperty("tokend.home", ""), "share");

    @TempDir
    static Path directory;

    private MailDesk desk;

    @BeforeAll
    void start() throws Exception {
        desk = new MailDesk(directory, TestKey.RSA_2048_A, TestKey.P256_A);
        Files.writeString(desk.file("data"), "some data\n");
        for (String key : List.of("RSA_2048_A", "P256_A")) {
            desk.succeeds("openssl", "x509", "-in", key + ".pem", "-noout", "-pubkey", "-out", key + ".pub");
        }
    }

    @AfterAll
    void stop() {
        desk.close();
    }

    /** Names of all fields of the one object that is in the text, at whatever depth. */
    private static List<String> fields(String text) throws IOException {
        List<String> names = new ArrayList<>();
        try (JsonParser parser = new JsonFactory().createParser(text.strip())) {
            assertThat(parser.nextToken()).as(text).isEqualTo(JsonToken.START_OBJECT);
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.FIELD_NAME) {
                    names.add(parser.currentName());
                }
            }
        }
        return names;
    }

    @ParameterizedTest
    @CsvSource({
        "status, module-1, pid;modules;tokens;restarts",
        "tokens, card, tokens;uri;label;state;tries",
        "keys, alice@example.org, keys;fingerprint;uri;algorithms;certificates;addresses",
        "doctor, java, healthy;checks;verdict;finding;next"
    })
    @DisplayName("shows people text, and scripts one JSON object")
    void bothForms(String command, String word, String names) throws Exception {
        CommandResult text = desk.tokenctl(command);
        assertThat(text.status()).as(text.errors()).isZero();
        assertThat(text.output()).contains(word).doesNotContain("\u001b[");
        CommandResult json = desk.tokenctl("--json", command);
        assertThat(json.status()).isZero();
        assertThat(fields(json.output())).contains(names.split(";"));
    }

    @Test
    @DisplayName("unlocks and locks, and says what it waits for")
    void unlock() throws Exception {
        desk.tokenctlSucceeds("lock");
        CommandResult unlocked = desk.tokenctl("unlock", "card");
        assertThat(unlocked.status()).as(unlocked.errors()).isZero();
        assertThat(unlocked.errors()).contains("Enter the PIN on the prompt for token \"card\"");
        assertThat(desk.tokenctl("tokens").output()).contains("unlocked");
        assertThat(fields(desk.tokenctl("lock", "--json").output())).containsExactly("locked");
        assertThat(desk.tokenctl("tokens").output()).contains(" locked");
    }

    @ParameterizedTest
    @CsvSource({"rsa-2048-a, RSA_2048_A", "p256-a, P256_A"})
    @DisplayName("signs a file, as OpenSSL verifies it")
    void sign(String key, String file) throws Exception {
        desk.tokenctlSucceeds("sign", "--key", key, "data", "-o", "signature");
        desk.succeeds("openssl", "dgst", "-sha256", "-verify", file + ".pub", "-signature", "signature", "data");
        desk.succeeds("openssl", "dgst", "-sha256", "-binary", "-out", "digest", "data");
        desk.tokenctlSucceeds("sign", "--digest", "--key", key, "digest", "-o", "signature");
        desk.succeeds("openssl", "dgst", "-sha256", "-verify", file + ".pub", "-signature", "signature", "data");
        assertThat(fields(desk.tokenctl("--json", "sign", "--key", key, "data").output()))
                .containsExactly("key", "algorithm", "signature");
    }

    @Test
    @DisplayName("decrypts one RSA block of OpenSSL's")
    void decrypt() throws Exception {
        desk.succeeds(
                "openssl", "pkeyutl", "-encrypt", "-pubin", "-inkey", "RSA_2048_A.pub", "-in", "data", "-out", "block");
        CommandResult plain =
                desk.tokenctl("decrypt", "--key", "rsa-2048-a", "--algorithm", "rsa-pkcs1", "--length", "10", "block");
        assertThat(plain.errors()).isEmpty();
        assertThat(plain.output()).isEqualTo("some data\n");
    }

    @Test
    @DisplayName("tells of a signed and a decrypted mail in JSON, and of nothing in text")
    void smime() throws Exception {
        CommandResult signed =
                desk.tokenctl("--json", "smime", "sign", "--key", "p256-a", "mail.eml", "-o", "signed.eml");
        assertThat(fields(signed.output())).contains("key", "certificate", "algorithm", "output", "fromMatches");
        desk.succeeds(
                "openssl", "cms", "-encrypt", "-binary", "-in", "mail.eml", "-out", "secret.eml", "RSA_2048_A.pem");
        CommandResult decrypted = desk.tokenctl("--json", "smime", "decrypt", "secret.eml", "-o", "decrypted.eml");
        assertThat(fields(decrypted.output())).contains("key", "cipher", "authenticated");
        assertThat(desk.tokenctl("smime", "sign", "--key", "p256-a", "mail.eml", "-o", "signed.eml"))
                .isEqualTo(new CommandResult(0, "", ""));
    }

    @ParameterizedTest
    @CsvSource({
        "64, smime sgn",
        "64, smime sign mail.eml",
        "64, sign data",
        "64, --timeout soon status",
        "65, smime decrypt mail.eml",
        "66, smime sign no-such-file.eml",
        "66, smime sign --from nobody@example.org mail.eml",
        "66, unlock no-such-token",
        "69, --socket /nonexistent/tokend.sock status",
        "69, --socket /nonexistent/tokend.sock smime sign --key p256-a mail.eml",
        "66, --socket /nonexistent/tokend.sock smime sign no-such-file.eml",
        "69, --socket /nonexistent/tokend.sock doctor",
        "73, smime sign --key p256-a mail.eml -o /nonexistent/signed.eml"
    })
    @DisplayName("ends with the exit code of its table, in one line, without a stack trace")
    void exitCodes(int status, String command) throws Exception {
        CommandResult failed = desk.tokenctl(command.split(" "));
        assertThat(failed.status()).as(failed.errors()).isEqualTo(status);
        assertThat(failed.errors()).doesNotContain("\tat ", "Exception");
    }

    @Test
    @DisplayName("lists the candidates where a mail could be signed with two keys")
    void ambiguous() throws Exception {
        CommandResult failed = desk.tokenctl("smime", "sign", "mail.eml");
        assertThat(failed.errors().lines()).hasSize(3);
        CommandResult json = desk.tokenctl("--json", "smime", "sign", "mail.eml", "-o", "signed.eml");
        assertThat(fields(json.errors())).contains("error", "code", "message", "mayRetry", "exitCode", "details");
    }

    @Test
    @DisplayName(
            "has a manual page for each command that groff formats without a word, and completion that bash and zsh load")
    void documentation() throws Exception {
        try (Stream<Path> pages = Files.list(SHARE.resolve("man/man1"))) {
            List<Path> all = pages.toList();
            assertThat(all).hasSizeGreaterThanOrEqualTo(13);
            for (Path page : all) {
                CommandResult formatted = desk.run(
                        "groff", "-man", "-ww", "-Tutf8", page.toRealPath().toString());
                assertThat(formatted.errors()).isEmpty();
                assertThat(formatted.status()).isZero();
            }
        }
        String bash = SHARE.resolve("completion/tokenctl.bash").toRealPath().toString();
        CommandResult completed = desk.run(
                "bash",
                "-c",
                ". '" + bash + "'; COMP_WORDS=(tokenctl sm); COMP_CWORD=1; COMP_LINE='tokenctl sm';"
                        + " _complete_tokenctl; echo \"${COMPREPLY[@]}\"");
        assertThat(completed.output().strip()).as(completed.errors()).isEqualTo("smime");
        desk.succeeds(
                "zsh", "-n", SHARE.resolve("completion/_tokenctl").toRealPath().toString());
    }
}
