package org.tokend.tokenctl.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tokend.smime.MailTrust;
import org.tokend.smime.MessageVerifier;
import org.tokend.smime.MessageVerifier.Verdict;
import org.tokend.smime.MessageVerifier.VerifiedMail;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.chain.Anchors;
import org.tokend.smime.chain.IssuerSource;
import org.tokend.smime.chain.PathFinder;
import org.tokend.smime.fetch.DocumentCache;
import org.tokend.smime.fetch.Fetcher;
import org.tokend.smime.mime.Source;
import org.tokend.smime.policy.AlgorithmPolicy;
import org.tokend.smime.revocation.LocalCrls;
import org.tokend.smime.revocation.RevocationCheck;
import org.tokend.tokenctl.command.SignedSamples.Sample;
import org.tokend.tokenctl.output.Environment;

@DisplayName("A signature gets the same verdict whichever way it is looked at")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EqualVerdictsTest {

    @TempDir
    static Path directory;

    private SignedSamples samples;

    @BeforeAll
    void prepare() throws Exception {
        samples = new SignedSamples(Files.createDirectory(directory.resolve("samples")));
        Path own = Files.createDirectories(directory.resolve("config/tokend/crls"));
        Files.copy(directory.resolve("samples/crls/issuing.crl"), own.resolve("issuing.crl"));
    }

    @AfterAll
    void nothingIsLeftBehind() throws IOException {
        try (var left = Files.list(Files.createDirectories(directory.resolve("temporary")))) {
            assertThat(left).isEmpty();
        }
    }

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(delimiterString = " ; ", textBlock = """
                    signed by the sender ; -signer alice.pem -inkey alice.key -certfile issuing.pem ; GOOD
                    signed on a curve ; -signer curve.pem -inkey curve.key -certfile issuing.pem -md sha512 ; GOOD
                    SHA-1 ; -signer alice.pem -inkey alice.key -certfile issuing.pem -md sha1 ; GOOD
                    without attributes ; -signer alice.pem -inkey alice.key -certfile issuing.pem -noattr ; GOOD
                    unknown root ; -signer stranger.pem -inkey stranger.key ; NOT_PROVEN
                    gap in the chain ; -signer alice.pem -inkey alice.key ; NOT_PROVEN
                    expired ; -signer expired.pem -inkey expired.key -certfile issuing.pem ; NOT_PROVEN
                    wrong usage ; -signer server.pem -inkey server.key -certfile issuing.pem ; NOT_PROVEN
                    revoked ; -signer revoked.pem -inkey revoked.key -certfile issuing.pem ; NOT_PROVEN
                    MD5 ; -signer alice.pem -inkey alice.key -certfile issuing.pem -md md5 ; UNKNOWN
                    unknown digest ; -signer alice.pem -inkey alice.key -certfile issuing.pem -md sha512-256 ; UNKNOWN
                    no certificate ; -signer alice.pem -inkey alice.key -nocerts ; UNKNOWN
                    altered ; -signer alice.pem -inkey alice.key -certfile issuing.pem ; BAD
                    forged ; -signer alice.pem -inkey alice.key -certfile issuing.pem ; BAD
                    second signer unknown ; -signer alice.pem -inkey alice.key -certfile issuing.pem | -signer stranger.pem -inkey stranger.key ; NOT_PROVEN
                    second certificate missing ; -signer alice.pem -inkey alice.key -certfile issuing.pem | -signer stranger.pem -inkey stranger.key -nocerts ; GOOD
                    other author ; -signer alice.pem -inkey alice.key -certfile issuing.pem ; NOT_PROVEN
                    """)
    @DisplayName("by the library, smime verify in words and in JSON, smime mutt and git-x509")
    void equal(String name, String how, Verdict expected) throws Exception {
        Sample signed = samples.sign(name.equals("other author") ? "other-author" : "content", how);
        Sample sample = name.equals("altered")
                ? samples.altered(signed)
                : name.equals("forged") ? samples.forged(signed) : signed;
        Map<String, Verdict> verdicts = new LinkedHashMap<>();
        for (Path each : List.of(sample.mail(), sample.opaque())) {
            String form = each.equals(sample.mail()) ? "mail" : "opaque";
            verdicts.put("library, " + form, byLibrary(each));
            verdicts.put("in words, " + form, inWords("smime", "verify", each));
            verdicts.put("in JSON, " + form, inJson("smime", "verify", "--json", each));
        }
        verdicts.put(
                "in JSON, detached",
                inJson("smime", "verify", "--json", sample.signature(), "--content", sample.content()));
        verdicts.put("mutt, opaque", mutt("smime", "mutt", "verify", sample.opaque()));
        verdicts.put(
                "mutt, detached", mutt("smime", "mutt", "verify", sample.signature(), "--content", sample.content()));
        verdicts.put("git", git(sample));
        assertThat(verdicts)
                .allSatisfy((way, verdict) -> assertThat(verdict).as(way).isEqualTo(expected));
    }

    private Verdict byLibrary(Path message) throws Exception {
        AlgorithmPolicy policy = AlgorithmPolicy.builtIn();
        DocumentCache nothing = DocumentCache.none();
        MailCertificate root =
                MailCertificate.of(samples.ca().root().getEncoded()).orElseThrow();
        LocalCrls lists = new LocalCrls(List.of(directory.resolve("samples/crls")), policy);
        MailTrust trust = new MailTrust(
                new PathFinder(
                        new Anchors(List.of(root)),
                        new IssuerSource(Fetcher.offline(), nothing),
                        policy,
                        Clock.systemUTC()),
                new RevocationCheck(Fetcher.offline(), nothing, lists, policy, Clock.systemUTC()),
                MailTrust.Strictness.SOFT,
                Duration.ofSeconds(3),
                List.of());
        try (VerifiedMail mail = new MessageVerifier(trust, List.of(), directory).verify(Source.of(message))) {
            return mail.verdict();
        }
    }

    /** What a command said. */
    private record Said(int status, String output, String errors) {

        Verdict verdict(String word) {
            Verdict verdict = Verdict.valueOf(word.toUpperCase(Locale.ROOT).replaceAll("[ -]", "_"));
            int expected = switch (verdict) {
                case GOOD -> 0;
                case BAD -> 65;
                case NOT_PROVEN, UNKNOWN -> 1;
            };
            assertThat(status).as(output + errors).isEqualTo(expected);
            return verdict;
        }
    }

    private Said tokenctl(Object... arguments) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Environment environment = new Environment(
                new ByteArrayInputStream(new byte[0]),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.of(
                        "HOME",
                        directory.toString(),
                        "XDG_CONFIG_HOME",
                        directory.resolve("config").toString(),
                        "TMPDIR",
                        Files.createDirectories(directory.resolve("temporary")).toString()),
                false,
                false,
                Clock.systemUTC());
        String[] words = Stream.concat(
                        Stream.of(arguments).map(Object::toString),
                        Stream.of("--offline", "--anchors", samples.root().toString()))
                .toArray(String[]::new);
        int status = RootCommand.commandLine(environment).execute(words);
        return new Said(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private Verdict inWords(Object... arguments) throws IOException {
        Said said = tokenctl(arguments);
        return said.verdict(said.output().split(":", 2)[0]);
    }

    private Verdict inJson(Object... arguments) throws IOException {
        Said said = tokenctl(arguments);
        return said.verdict(said.output().replaceAll("(?s).*?\"verdict\":\"([a-z-]+)\".*", "$1"));
    }

    /** mutt goes by the first line; people read the second. */
    private Verdict mutt(Object... arguments) throws IOException {
        Said said = tokenctl(arguments);
        List<String> lines = said.errors().lines().toList();
        Verdict verdict = said.verdict(lines.get(1).split(":", 2)[0]);
        assertThat(lines.get(0))
                .isEqualTo(verdict == Verdict.GOOD ? "Verification successful" : "Verification failure");
        boolean beside = List.of(arguments).contains("--content");
        assertThat(said.output().isEmpty()).isEqualTo(beside || verdict == Verdict.BAD);
        return verdict;
    }

    /** git goes by the status lines and the exit code. */
    private Verdict git(Sample sample) throws IOException {
        Path pem = directory.resolve("signature.pem");
        Files.writeString(
                pem,
                "-----BEGIN SIGNED MESSAGE-----\n"
                        + Base64.getMimeEncoder().encodeToString(Files.readAllBytes(sample.signature()))
                        + "\n-----END SIGNED MESSAGE-----\n");
        Said said = tokenctl("git-x509", "--status-fd=1", "--verify", pem, sample.content());
        Verdict verdict =
                said.verdict(said.errors().replaceFirst("tokenctl: ", "").split(":", 2)[0]);
        String status = said.output();
        switch (verdict) {
            case GOOD -> assertThat(status).contains("GOODSIG", "TRUST_FULLY").doesNotContain("BADSIG", "TRUST_NEVER");
            case NOT_PROVEN -> assertThat(status).doesNotContain("BADSIG");
            case BAD -> assertThat(status).contains("BADSIG").doesNotContain("GOODSIG");
            case UNKNOWN -> assertThat(status).contains("ERRSIG").doesNotContain("GOODSIG", "BADSIG");
        }
        return verdict;
    }
}
