package org.tokend.smime.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokend.smime.testing.Authority.NOW;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.fetch.DocumentCache;
import org.tokend.smime.fetch.FetchBudget;
import org.tokend.smime.fetch.Fetcher;
import org.tokend.smime.fetch.HttpFetcher;
import org.tokend.smime.policy.AlgorithmPolicy;
import org.tokend.smime.revocation.RevocationState.Cause;
import org.tokend.smime.revocation.RevocationState.Good;
import org.tokend.smime.revocation.RevocationState.Revoked;
import org.tokend.smime.revocation.RevocationState.Unknown;
import org.tokend.smime.testing.Authority;
import org.tokend.smime.testing.Responder;
import org.tokend.smime.testing.WebServer;

@DisplayName("Whether a certificate was revoked")
class RevocationCheckTest {

    private static final Duration HOUR = Duration.ofHours(1);

    private final Authority root = new Authority("Root", TestKey.CA_ROOT);
    private final Authority middle = new Authority("Middle", TestKey.CA_ISSUING);
    private final MailCertificate rootCertificate = root.root();
    private final AlgorithmPolicy policy = AlgorithmPolicy.builtIn();

    @TempDir
    Path directory;

    private WebServer web;

    @BeforeEach
    void start() throws IOException {
        web = new WebServer();
    }

    @AfterEach
    void stop() throws IOException {
        web.close();
    }

    private RevocationVerdict check(Instant now, Fetcher fetcher, MailCertificate... path) {
        Clock clock = Clock.fixed(now, ZoneOffset.UTC);
        return new RevocationCheck(
                        fetcher,
                        new DocumentCache(directory.resolve("cache"), clock),
                        new LocalCrls(List.of(directory.resolve("local")), policy),
                        policy,
                        clock)
                .check(List.of(path), FetchBudget.of(Duration.ofSeconds(10)));
    }

    private RevocationVerdict check(MailCertificate... path) {
        return check(NOW, new HttpFetcher(), path);
    }

    private RevocationState leaf(RevocationVerdict verdict) {
        return verdict.levels().get(0).state();
    }

    private MailCertificate middleWithCrl() {
        web.publish("/root.crl", root.crl(NOW.minus(HOUR), NOW.plus(HOUR)));
        return root.issue(middle.asSubject().crl(web.url("/root.crl")));
    }

    private MailCertificate alice(String url) {
        return middle.issue(
                Authority.mail("alice@example.org", TestKey.RSA_2048_A).crl(url));
    }

    @Test
    @DisplayName("is no where every CA above it says so in its own list")
    void good() {
        MailCertificate above = middleWithCrl();
        web.publish("/middle.crl", middle.crl(NOW.minus(HOUR), NOW.plus(HOUR)));
        RevocationVerdict verdict = check(alice(web.url("/middle.crl")), above, rootCertificate);
        assertThat(verdict.isGood()).as(verdict.toString()).isTrue();
        assertThat(verdict.levels()).hasSize(2);
    }

    @Test
    @DisplayName("is yes where the list names it, with when and why, at whichever level")
    void revoked() {
        MailCertificate above = middleWithCrl();
        MailCertificate alice = alice(web.url("/middle.crl"));
        web.publish("/middle.crl", middle.crl(NOW.minus(HOUR), NOW.plus(HOUR), alice));
        RevocationVerdict verdict = check(alice, above, rootCertificate);
        assertThat(verdict.isRevoked()).isTrue();
        assertThat(leaf(verdict)).isEqualTo(new Revoked(NOW.minus(HOUR), "keyCompromise", web.url("/middle.crl")));

        web.publish("/root.crl", root.crl(NOW.minus(HOUR), NOW.plus(HOUR), above));
        MailCertificate bob = middle.issue(
                Authority.mail("bob@example.org", TestKey.RSA_2048_B).crl(web.url("/bob.crl")));
        web.publish("/bob.crl", middle.crl(NOW.minus(HOUR), NOW.plus(HOUR)));
        RevocationVerdict fresh = new RevocationCheck(
                        new HttpFetcher(),
                        DocumentCache.none(),
                        new LocalCrls(List.of(), policy),
                        policy,
                        Clock.fixed(NOW, ZoneOffset.UTC))
                .check(List.of(bob, above, rootCertificate), FetchBudget.of(Duration.ofSeconds(10)));
        assertThat(fresh.decisive().orElseThrow().level()).isEqualTo(1);
        assertThat(fresh.isRevoked()).isTrue();
    }

    @Test
    @DisplayName("is not known where the list of a CA in the middle is missing, though the leaf's is there")
    void middleMissing() {
        web.publish("/middle.crl", middle.crl(NOW.minus(HOUR), NOW.plus(HOUR)));
        MailCertificate above = root.issue(middle.asSubject());
        RevocationVerdict verdict = check(alice(web.url("/middle.crl")), above, rootCertificate);
        LevelRevocation decisive = verdict.decisive().orElseThrow();
        assertThat(decisive.level()).isEqualTo(1);
        assertThat(decisive.state())
                .isInstanceOfSatisfying(
                        Unknown.class, unknown -> assertThat(unknown.cause()).isEqualTo(Cause.NOWHERE_TO_ASK));
        assertThat(verdict.isRevoked()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "nothing, UNREACHABLE",
        "garbage, BAD_ENCODING",
        "stale, STALE",
        "future, NOT_YET_VALID",
        "foreign, WRONG_ISSUER",
        "forged, BAD_SIGNATURE",
        "authorities, OUT_OF_SCOPE"
    })
    @DisplayName("is not known, with the cause, where what is published does not do")
    void unknown(String kind, Cause cause) throws IOException {
        byte[] good = middle.crl(NOW.minus(HOUR), NOW.plus(HOUR));
        switch (kind) {
            case "garbage" -> web.publish("/list", "<html>login</html>".getBytes());
            case "stale" -> web.publish("/list", middle.crl(NOW.minus(HOUR.multipliedBy(2)), NOW.minus(HOUR)));
            case "future" -> web.publish("/list", middle.crl(NOW.plus(HOUR), NOW.plus(HOUR.multipliedBy(2))));
            case "foreign" -> web.publish("/list", root.crl(NOW.minus(HOUR), NOW.plus(HOUR)));
            case "forged" -> {
                good[good.length - 1] ^= 1;
                web.publish("/list", good);
            }
            case "authorities" ->
                web.publish(
                        "/list",
                        middle.crl(
                                NOW.minus(HOUR),
                                NOW.plus(HOUR),
                                new Extension(
                                        Extension.issuingDistributionPoint,
                                        true,
                                        new IssuingDistributionPoint(null, false, true, null, false, false)
                                                .getEncoded())));
            default -> assertThat(kind).isEqualTo("nothing");
        }
        RevocationState state = leaf(check(alice(web.url("/list")), root.issue(middle.asSubject()), rootCertificate));
        assertThat(state)
                .isInstanceOfSatisfying(
                        Unknown.class,
                        unknown ->
                                assertThat(unknown.cause()).as(unknown.detail()).isEqualTo(cause));
        assertThat(state.text()).contains(web.url("/list"));
    }

    @Test
    @DisplayName("is known from the kept list until the second in which its update is due, and then no more")
    void cacheRule() {
        Instant due = NOW.plus(HOUR);
        MailCertificate alice = alice(web.url("/list"));
        MailCertificate above = root.issue(middle.asSubject());
        web.publish("/list", middle.crl(NOW.minus(HOUR), due));
        assertThat(leaf(check(alice, above, rootCertificate))).isInstanceOf(Good.class);
        int asked = web.requests();
        assertThat(leaf(check(due.minusSeconds(1), new HttpFetcher(), alice, above, rootCertificate)))
                .isInstanceOf(Good.class);
        assertThat(web.requests()).isEqualTo(asked);
        assertThat(leaf(check(due.minusSeconds(1), Fetcher.offline(), alice, above, rootCertificate)))
                .isInstanceOf(Good.class);
        assertThat(leaf(check(due, Fetcher.offline(), alice, above, rootCertificate)))
                .isInstanceOfSatisfying(
                        Unknown.class, unknown -> assertThat(unknown.cause()).isEqualTo(Cause.STALE));
    }

    @Test
    @DisplayName("of an address that never answers costs at most the budget, and the next time nothing")
    void blackHole() throws IOException {
        MailCertificate alice = middle.issue(Authority.mail("a@example.org", TestKey.RSA_2048_A)
                .ocsp(web.blackHole())
                .crl(web.blackHole()));
        MailCertificate above = root.issue(middle.asSubject().crl(web.blackHole()));
        Clock clock = Clock.systemUTC();
        DocumentCache cache = new DocumentCache(directory.resolve("cache"), clock);
        RevocationCheck check =
                new RevocationCheck(new HttpFetcher(), cache, new LocalCrls(List.of(), policy), policy, clock);
        Instant begin = Instant.now();
        RevocationVerdict verdict =
                check.check(List.of(alice, above, rootCertificate), NOW, FetchBudget.of(Duration.ofSeconds(2)));
        assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(6));
        assertThat(verdict.levels()).allMatch(level -> level.state().isUnknown());
        RevocationVerdict again =
                check.check(List.of(alice, above, rootCertificate), NOW, FetchBudget.of(Duration.ofSeconds(2)));
        assertThat(again.levels().get(0).state().text()).contains("a moment ago");
    }

    @Test
    @DisplayName("is asked of a list that the administrator put here before anybody else")
    void local() throws IOException {
        MailCertificate alice = alice(web.url("/list"));
        Files.createDirectories(directory.resolve("local"));
        Files.write(directory.resolve("local/middle.crl"), middle.crl(NOW.minus(HOUR), NOW.plus(HOUR), alice));
        Files.write(directory.resolve("local/readme"), new byte[] {1});
        assertThat(leaf(check(alice, root.issue(middle.asSubject()), rootCertificate)))
                .isInstanceOf(Revoked.class);
        assertThat(web.requests()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "GOOD, issuer, Good",
        "REVOKED, issuer, Revoked",
        "UNKNOWN, issuer, OCSP_UNKNOWN",
        "GOOD, delegate, Good",
        "GOOD, stranger, BAD_SIGNATURE",
        "GOOD, undelegated, BAD_SIGNATURE",
        "STALE, issuer, STALE",
        "OLD_NONCE, issuer, WRONG_NONCE",
        "NO_NONCE, issuer, Good",
        "REFUSED, issuer, OCSP_REFUSED",
        "GARBAGE, issuer, BAD_ENCODING"
    })
    @DisplayName("is what the responder says, if it may speak for the issuer and answers the question")
    void ocsp(Responder.Answer answer, String signer, String expected) {
        MailCertificate above = root.issue(middle.asSubject());
        MailCertificate alice =
                middle.issue(Authority.mail("a@example.org", TestKey.RSA_2048_A).ocsp(web.url("/ocsp")));
        Responder responder = switch (signer) {
            case "issuer" -> new Responder(above, TestKey.CA_ISSUING);
            case "delegate" ->
                new Responder(
                        middle.issue(Authority.person("Responder", TestKey.RSA_2048_B)
                                .purpose(KeyPurposeId.id_kp_OCSPSigning)),
                        TestKey.RSA_2048_B);
            case "undelegated" ->
                new Responder(
                        middle.issue(Authority.mail("mallory@example.org", TestKey.RSA_2048_B)), TestKey.RSA_2048_B);
            default ->
                new Responder(
                        new Authority("Stranger", TestKey.RSA_2048_C)
                                .issue(Authority.person("Responder", TestKey.RSA_2048_B)
                                        .purpose(KeyPurposeId.id_kp_OCSPSigning)),
                        TestKey.RSA_2048_B);
        };
        web.answerPosts(question -> responder.answer(question, answer));
        RevocationState state = leaf(check(alice, above, rootCertificate));
        String found = state instanceof Unknown unknown
                ? unknown.cause().name()
                : state.getClass().getSimpleName();
        assertThat(found).as(state.text()).isEqualTo(expected);
    }

    @Test
    @DisplayName("is asked of the list where the responder does not help, and of nobody twice while the answer holds")
    void fallback() {
        MailCertificate above = root.issue(middle.asSubject());
        MailCertificate alice = middle.issue(Authority.mail("a@example.org", TestKey.RSA_2048_A)
                .ocsp(web.url("/ocsp"))
                .crl(web.url("/list")));
        web.publish("/list", middle.crl(NOW.minus(HOUR), NOW.plus(HOUR)));
        Responder responder = new Responder(above, TestKey.CA_ISSUING);
        web.answerPosts(question -> responder.answer(question, Responder.Answer.UNKNOWN));
        RevocationVerdict first = check(alice, above, rootCertificate);
        assertThat(leaf(first)).isInstanceOf(Good.class);
        assertThat(first.levels().get(0).trials()).hasSize(2);
        web.answerPosts(question -> responder.answer(question, Responder.Answer.GOOD));
        check(alice, above, rootCertificate);
        int asked = web.requests();
        assertThat(leaf(check(alice, above, rootCertificate))).isInstanceOf(Good.class);
        assertThat(web.requests()).isEqualTo(asked);
    }

    @Test
    @DisplayName(
            "is asked of every address of the certificate in its order, until one answers; each says what came of it")
    void addresses() {
        MailCertificate above = root.issue(middle.asSubject());
        String directory = "ldap://127.0.0.1:1/cn=middle?certificateRevocationList";
        web.publish("/list", middle.crl(NOW.minus(HOUR), NOW.plus(HOUR)));
        web.publish("/never", middle.crl(NOW.minus(HOUR), NOW.plus(HOUR)));
        MailCertificate alice = middle.issue(Authority.mail("a@example.org", TestKey.RSA_2048_A)
                .crl(directory, web.url("/missing"), web.url("/list"), web.url("/never")));
        LevelRevocation asked = check(alice, above, rootCertificate).levels().get(0);
        assertThat(asked.state()).isInstanceOf(Good.class);
        assertThat(asked.trials())
                .extracting(LevelRevocation.Trial::url)
                .containsExactly(directory, web.url("/missing"), web.url("/list"));
        assertThat(asked.trials().get(0).state().text()).contains("only http and https are fetched", "ldap");
        assertThat(asked.trials().get(1).state().text()).contains("404");
        MailCertificate bob =
                middle.issue(Authority.mail("b@example.org", TestKey.RSA_2048_B).crl(directory, "file:///etc/passwd"));
        LevelRevocation nobody = check(bob, above, rootCertificate).levels().get(0);
        assertThat(nobody.state())
                .isInstanceOfSatisfying(
                        Unknown.class, unknown -> assertThat(unknown.cause()).isEqualTo(Cause.UNREACHABLE));
    }
}
