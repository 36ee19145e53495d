package org.tokend.smime.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.smime.certificate.CertificateFile;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.fetch.DocumentCache;
import org.tokend.smime.fetch.FetchBudget;
import org.tokend.smime.fetch.HttpFetcher;
import org.tokend.smime.policy.AlgorithmPolicy;
import org.tokend.smime.revocation.RevocationState.Good;
import org.tokend.smime.revocation.RevocationState.Revoked;
import org.tokend.smime.revocation.RevocationState.Unknown;
import org.tokend.smime.testing.Authority;
import org.tokend.smime.testing.Openssl;
import org.tokend.smime.testing.WebServer;

/** OpenSSL's OCSP responder is the peer; only its socket is ours, because it would listen to the whole network. */
@DisplayName("Asked about a certificate, OpenSSL's responder")
class OpensslResponderTest {

    private final Authority root = new Authority("Root", TestKey.CA_ROOT);
    private final MailCertificate rootCertificate = root.root();
    private final Instant now = Instant.now();

    @TempDir
    Path directory;

    private byte[] answer(byte[] question) {
        try {
            Openssl openssl = new Openssl(directory);
            Files.write(openssl.file("question"), question);
            Files.deleteIfExists(openssl.file("answer"));
            Openssl.Result result = openssl.run(
                    "ocsp",
                    "-index",
                    "index.txt",
                    "-CA",
                    "root.pem",
                    "-rsigner",
                    "root.pem",
                    "-rkey",
                    "root.key",
                    "-ndays",
                    "1",
                    "-reqin",
                    "question",
                    "-respout",
                    "answer");
            assertThat(openssl.file("answer")).as(result.output()).exists();
            return Files.readAllBytes(openssl.file("answer"));
        } catch (IOException | InterruptedException failure) {
            throw new AssertionError(failure);
        }
    }

    /** A line of OpenSSL's CA database: status, end, revocation, serial number, file, name. */
    private void database(String line, MailCertificate certificate) throws IOException {
        String serial = certificate.holder().getSerialNumber().toString(16).toUpperCase(Locale.ROOT);
        Openssl openssl = new Openssl(directory);
        openssl.write(
                "index.txt",
                line.replace("SERIAL", serial.length() % 2 == 0 ? serial : "0" + serial)
                                .replace(';', '\t') + "\n");
        openssl.write("index.txt.attr", "unique_subject = no\n");
        openssl.write("root.pem", CertificateFile.pem(List.of(rootCertificate)));
        openssl.write("root.key", TestKey.CA_ROOT.pem());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "V;491231235959Z;;SERIAL;unknown;/CN=Alice|good",
                "R;491231235959Z;260101000000Z,keyCompromise;SERIAL;unknown;/CN=Alice|revoked",
                "V;491231235959Z;;00FFEE;unknown;/CN=Somebody else|unknown"
            })
    @DisplayName("is understood: good, revoked with its reason, not known to it")
    void understood(String line, String expected) throws Exception {
        try (WebServer web = new WebServer()) {
            MailCertificate alice = root.issue(
                    Authority.mail("alice@example.org", TestKey.RSA_2048_A).ocsp(web.url("/ocsp")));
            database(line, alice);
            web.answerPosts(this::answer);
            AlgorithmPolicy policy = AlgorithmPolicy.builtIn();
            RevocationVerdict verdict = new RevocationCheck(
                            new HttpFetcher(),
                            DocumentCache.none(),
                            new LocalCrls(List.of(), policy),
                            policy,
                            Clock.systemUTC())
                    .check(List.of(alice, rootCertificate), now, FetchBudget.of(Duration.ofSeconds(30)));
            RevocationState state = verdict.levels().get(0).state();
            assertThat(state)
                    .as(state.text())
                    .isInstanceOf(
                            switch (expected) {
                                case "good" -> Good.class;
                                case "revoked" -> Revoked.class;
                                default -> Unknown.class;
                            });
            if (expected.equals("revoked")) {
                assertThat(state.text()).contains("keyCompromise");
            }
            assertThat(web.requests()).isPositive();
        }
    }
}
