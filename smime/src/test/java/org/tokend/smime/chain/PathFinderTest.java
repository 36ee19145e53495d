package org.tokend.smime.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokend.smime.testing.Authority.NOW;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.smime.certificate.CertificateFile;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.chain.ChainVerdict.Status;
import org.tokend.smime.fetch.DocumentCache;
import org.tokend.smime.fetch.FetchBudget;
import org.tokend.smime.fetch.HttpFetcher;
import org.tokend.smime.policy.AlgorithmPolicy;
import org.tokend.smime.testing.Authority;
import org.tokend.smime.testing.Openssl;
import org.tokend.smime.testing.WebServer;

@DisplayName("The path to a root")
class PathFinderTest {

    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    private final Authority root = new Authority("Root", TestKey.CA_ROOT);
    private final Authority middle = new Authority("Middle", TestKey.CA_ISSUING);
    private final MailCertificate rootCertificate = root.root();
    private final MailCertificate middleCertificate = root.issue(middle.asSubject());
    private final MailCertificate alice = middle.issue(Authority.mail("alice@example.org", TestKey.RSA_2048_A));

    @TempDir
    Path directory;

    private Openssl openssl;

    @BeforeEach
    void peer() {
        openssl = new Openssl(directory);
    }

    private ChainVerdict find(MailCertificate leaf, Collection<MailCertificate> anchors, MailCertificate... around) {
        IssuerSource source = new IssuerSource(new HttpFetcher(), new DocumentCache(directory.resolve("cache"), CLOCK));
        return new PathFinder(new Anchors(anchors), source, AlgorithmPolicy.builtIn(), CLOCK)
                .find(leaf, List.of(around), FetchBudget.of(Duration.ofSeconds(10)));
    }

    private ChainVerdict find(MailCertificate leaf, MailCertificate... around) {
        return find(leaf, List.of(rootCertificate), around);
    }

    /** The number that OpenSSL gives the first thing it finds wrong, or 0. */
    private int openssl(MailCertificate leaf, Collection<MailCertificate> anchors, MailCertificate... around)
            throws Exception {
        openssl.write("leaf.pem", CertificateFile.pem(List.of(leaf)));
        openssl.write("anchors.pem", CertificateFile.pem(anchors));
        List<String> command = new ArrayList<>(List.of("verify", "-attime", String.valueOf(NOW.getEpochSecond())));
        command.addAll(List.of("-no-CApath", "-no-CAstore"));
        command.addAll(anchors.isEmpty() ? List.of("-no-CAfile") : List.of("-CAfile", "anchors.pem"));
        if (around.length > 0) {
            openssl.write("around.pem", CertificateFile.pem(List.of(around)));
            command.addAll(List.of("-untrusted", "around.pem"));
        }
        command.add("leaf.pem");
        Openssl.Result result = openssl.run(command.toArray(String[]::new));
        java.util.regex.Matcher error =
                java.util.regex.Pattern.compile("error (\\d+) at").matcher(result.output());
        return error.find() ? Integer.parseInt(error.group(1)) : result.exitCode();
    }

    @Test
    @DisplayName("is found whatever else lies around, in every order")
    void trusted() throws Exception {
        Authority other = new Authority("Other", TestKey.RSA_2048_B);
        List<MailCertificate> around = new ArrayList<>(
                List.of(middleCertificate, rootCertificate, other.root(), root.issue(other.asSubject()), alice));
        Random random = new Random(7);
        for (int i = 0; i < 20; i++) {
            Collections.shuffle(around, random);
            ChainVerdict verdict = find(alice, around.toArray(MailCertificate[]::new));
            assertThat(verdict.status()).as(verdict.text()).isEqualTo(Status.TRUSTED);
            assertThat(verdict.path()).containsExactly(alice, middleCertificate, rootCertificate);
        }
        assertThat(openssl(alice, List.of(rootCertificate), middleCertificate)).isZero();
    }

    @Test
    @DisplayName("ends at a root that nobody trusts, which is named; a root in the message is never an anchor")
    void untrustedRoot() throws Exception {
        ChainVerdict verdict = find(alice, List.of(), middleCertificate, rootCertificate);
        assertThat(verdict.status()).isEqualTo(Status.UNTRUSTED_ROOT);
        assertThat(verdict.about()).isEqualTo(rootCertificate);
        assertThat(verdict.text()).contains("CN=Root", rootCertificate.fingerprint(), "valid until");
        assertThat(verdict.next()).contains("trust add", rootCertificate.fingerprint());
        assertThat(openssl(alice, List.of(), middleCertificate, rootCertificate))
                .isEqualTo(19);
    }

    @Test
    @DisplayName("has a gap, and the issuer that is missing is named with its key identifier")
    void gap() throws Exception {
        ChainVerdict verdict = find(alice);
        assertThat(verdict.status()).isEqualTo(Status.CHAIN_GAP);
        assertThat(verdict.about()).isEqualTo(alice);
        assertThat(verdict.text()).contains("CN=Middle", alice.authorityKey().orElseThrow());
        assertThat(verdict.next()).contains("certs import");
        assertThat(openssl(alice, List.of(rootCertificate))).isEqualTo(20);
    }

    @Test
    @DisplayName("holds when a CA expired and was re-issued before those below it expired, with either at hand")
    void reissued() throws Exception {
        MailCertificate old = root.issue(middle.asSubject().expired());
        ChainVerdict expired = find(alice, old);
        assertThat(expired.status()).isEqualTo(Status.EXPIRED_AT_LEVEL);
        assertThat(expired.level()).isEqualTo(1);
        assertThat(expired.about()).isEqualTo(old);
        assertThat(openssl(alice, List.of(rootCertificate), old)).isEqualTo(10);
        assertThat(find(alice, old, middleCertificate).isTrusted()).isTrue();
        assertThat(find(alice, middleCertificate, old).isTrusted()).isTrue();
        assertThat(openssl(alice, List.of(rootCertificate), old, middleCertificate))
                .isZero();
    }

    @Test
    @DisplayName("holds when the CA has a namesake with another key, and goes over a cross certificate")
    void namesakes() {
        Authority impostor = new Authority("Middle", TestKey.RSA_2048_B);
        Authority otherRoot = new Authority("Other Root", TestKey.RSA_2048_C);
        MailCertificate cross = otherRoot.issue(root.asSubject());
        MailCertificate namesake = root.issue(impostor.asSubject());
        assertThat(find(alice, namesake, middleCertificate).isTrusted()).isTrue();
        ChainVerdict over = find(alice, List.of(otherRoot.root()), middleCertificate, rootCertificate, cross);
        assertThat(over.isTrusted()).as(over.text()).isTrue();
        assertThat(over.path()).hasSize(4).contains(cross);
    }

    @Test
    @DisplayName("goes over a CA's rollover certificate, whose subject and issuer are the same")
    void rollover() {
        Authority oldKey = new Authority("Root", TestKey.RSA_2048_C);
        MailCertificate newWithOld = oldKey.issue(root.asSubject());
        ChainVerdict verdict = find(alice, List.of(oldKey.root()), middleCertificate, newWithOld);
        assertThat(verdict.isTrusted()).as(verdict.text()).isTrue();
    }

    @Test
    @DisplayName("tells a root of a trusted name with another key from one that is not known")
    void otherKey() {
        ChainVerdict verdict = find(
                alice, List.of(new Authority("Root", TestKey.RSA_2048_C).root()), middleCertificate, rootCertificate);
        assertThat(verdict.status()).isEqualTo(Status.UNTRUSTED_ROOT);
        assertThat(verdict.text()).contains("another key");
    }

    @Test
    @DisplayName("breaks where a rule of RFC 5280 is broken, and the rule and the certificate are named")
    void rules() throws Exception {
        MailCertificate notCa = root.issue(middle.asSubject(new BasicConstraints(false)));
        assertThat(find(alice, notCa).status()).isEqualTo(Status.NOT_A_CA);
        assertThat(openssl(alice, List.of(rootCertificate), notCa)).isIn(24, 79);

        MailCertificate noPath = root.issue(middle.asSubject(new BasicConstraints(0)));
        Authority below = new Authority("Below", TestKey.RSA_3072);
        MailCertificate belowCertificate = middle.issue(below.asSubject());
        MailCertificate bob = below.issue(Authority.mail("bob@example.org", TestKey.RSA_2048_B));
        assertThat(find(bob, noPath, belowCertificate).status()).isEqualTo(Status.PATH_TOO_LONG);
        assertThat(openssl(bob, List.of(rootCertificate), noPath, belowCertificate))
                .isEqualTo(25);

        NameConstraints only = new NameConstraints(
                new GeneralSubtree[] {new GeneralSubtree(new GeneralName(GeneralName.rfc822Name, "example.net"))},
                null);
        MailCertificate constrained = root.issue(middle.asSubject().with(Extension.nameConstraints, true, only));
        ChainVerdict name = find(alice, constrained);
        assertThat(name.status()).as(name.text()).isEqualTo(Status.NAME_NOT_ALLOWED);
        assertThat(openssl(alice, List.of(rootCertificate), constrained)).isEqualTo(47);
    }

    @Test
    @DisplayName("breaks at a signature that its CA did not make")
    void signature() throws Exception {
        byte[] altered = alice.encoded();
        altered[altered.length - 1] ^= 1;
        MailCertificate forged = MailCertificate.of(altered).orElseThrow();
        ChainVerdict verdict = find(forged, middleCertificate);
        assertThat(verdict.status()).as(verdict.text()).isEqualTo(Status.BAD_SIGNATURE);
        assertThat(openssl(forged, List.of(rootCertificate), middleCertificate)).isEqualTo(7);
    }

    @Test
    @DisplayName("is not made of MD5, and a root or a leaf outside its dates is named")
    void weakAndDates() {
        MailCertificate md5 =
                middle.issue(Authority.mail("a@example.org", TestKey.RSA_2048_A).algorithm("MD5withRSA"));
        assertThat(find(md5, middleCertificate).status()).isEqualTo(Status.WEAK_ALGORITHM);
        MailCertificate late = middle.issue(
                Authority.mail("a@example.org", TestKey.RSA_2048_A).valid(NOW.plusSeconds(60), NOW.plusSeconds(600)));
        assertThat(find(late, middleCertificate).status()).isEqualTo(Status.NOT_YET_VALID_AT_LEVEL);
        MailCertificate oldRoot = root.issue(root.asSubject().expired());
        ChainVerdict verdict = find(alice, List.of(oldRoot), middleCertificate);
        assertThat(verdict.status()).isEqualTo(Status.EXPIRED_AT_LEVEL);
        assertThat(verdict.level()).isEqualTo(2);
        assertThat(find(alice, List.of(oldRoot, rootCertificate), middleCertificate)
                        .isTrusted())
                .isTrue();
    }

    @Test
    @DisplayName("ends, however many CAs of one name certify each other")
    void bounded() {
        List<MailCertificate> all = new ArrayList<>();
        for (TestKey one : List.of(TestKey.RSA_2048_A, TestKey.RSA_2048_B, TestKey.RSA_2048_C, TestKey.RSA_3072)) {
            for (int i = 0; i < 15; i++) {
                all.add(new Authority("Middle", TestKey.CA_ISSUING).issue(new Authority("Middle", one).asSubject()));
                all.add(new Authority("Middle", one).issue(middle.asSubject()));
            }
        }
        ChainVerdict verdict = find(alice, all.toArray(MailCertificate[]::new));
        assertThat(verdict.isTrusted()).isFalse();
    }

    @Test
    @DisplayName("is closed by what the certificate points to, in DER or PKCS#7, asked once and kept")
    void fetched() throws Exception {
        try (WebServer web = new WebServer()) {
            web.publish("/middle.p7c", CertificateFile.p7b(List.of(middleCertificate)));
            MailCertificate pointing = middle.issue(Authority.mail("a@example.org", TestKey.RSA_2048_A)
                    .issuers(web.url("/nothing.cer"))
                    .issuers(web.url("/middle.p7c")));
            ChainVerdict verdict = find(pointing);
            assertThat(verdict.isTrusted()).as(verdict.text()).isTrue();
            assertThat(verdict.fetches()).hasSize(2).anyMatch(line -> line.contains("HTTP 404"));
            int asked = web.requests();
            assertThat(find(pointing).isTrusted()).isTrue();
            assertThat(web.requests()).isEqualTo(asked);
            assertThat(Files.list(directory.resolve("cache")).count()).isEqualTo(2);
        }
    }

    @Test
    @DisplayName("is mended by the re-issued CA behind the same address, though the expired one lies in the cache")
    void refetched() throws Exception {
        try (WebServer web = new WebServer()) {
            MailCertificate old = root.issue(middle.asSubject().expired());
            String url = web.publish("/middle.cer", old.encoded());
            MailCertificate pointing = middle.issue(
                    Authority.mail("a@example.org", TestKey.RSA_2048_A).issuers(url));
            assertThat(find(pointing).status()).isEqualTo(Status.EXPIRED_AT_LEVEL);
            web.publish("/middle.cer", middleCertificate.encoded());
            ChainVerdict verdict = find(pointing);
            assertThat(verdict.isTrusted())
                    .as(verdict.text() + verdict.fetches())
                    .isTrue();
        }
    }

    @Test
    @DisplayName("of an address that never answers costs the budget and no more, and stays a gap")
    void blackHole() throws Exception {
        try (WebServer web = new WebServer()) {
            MailCertificate pointing = middle.issue(
                    Authority.mail("a@example.org", TestKey.RSA_2048_A).issuers(web.blackHole()));
            IssuerSource source = new IssuerSource(new HttpFetcher(), DocumentCache.none());
            Instant begin = Instant.now();
            ChainVerdict verdict = new PathFinder(
                            new Anchors(List.of(rootCertificate)), source, AlgorithmPolicy.builtIn(), CLOCK)
                    .find(pointing, List.of(), FetchBudget.of(Duration.ofSeconds(1)));
            assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(5));
            assertThat(verdict.status()).isEqualTo(Status.CHAIN_GAP);
            assertThat(verdict.fetches()).anyMatch(line -> line.contains("no answer"));
        }
    }

    @Test
    @DisplayName("does not end in a Java certificate that cannot be made")
    void readable() throws CertificateException {
        assertThat(alice.toX509().getSubjectX500Principal().getName()).contains("alice@example.org");
    }
}
