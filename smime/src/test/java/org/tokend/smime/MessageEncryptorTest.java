package org.tokend.smime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.smime.SMIMECapability;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tokend.fixtures.keys.TestCa;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.smime.RecipientRefusal.Reason;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.cms.ContentAlgorithm;
import org.tokend.smime.mime.Mail;
import org.tokend.smime.mime.Source;
import org.tokend.smime.policy.AlgorithmPolicy;
import org.tokend.smime.testing.Authority;
import org.tokend.smime.testing.Openssl;
import org.tokend.smime.testing.Orders;
import org.tokend.smime.testing.SoftwareKeys;

@DisplayName("An encrypted mail")
class MessageEncryptorTest {

    private static final String MAIL = "From: alice@example.org\nTo: bob@example.org\nSubject: Lunch\n"
            + "Content-Type: text/plain\n\nThe cake is in the fridge.\n";
    private static final String CONTENT = "Content-Type: text/plain\r\n\r\nThe cake is in the fridge.\r\n";

    private final TestCa ca = TestCa.create();
    private final Clock clock = Clock.fixed(Instant.parse("2026-11-21T03:00:00Z"), ZoneOffset.UTC);

    @TempDir
    Path directory;

    private Openssl openssl;

    @BeforeEach
    void prepare() {
        openssl = new Openssl(directory);
    }

    private MailCertificate certificate(TestKey key, String address) throws Exception {
        X509Certificate certificate = ca.mail(key.publicKey(), address);
        openssl.write(key + ".pem", TestCa.pem(certificate));
        openssl.write(
                key + ".key",
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(key.privateKey().getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
        return MailCertificate.of(certificate.getEncoded()).orElseThrow();
    }

    private SignerTrust trust(Clock when) throws Exception {
        return MailTrust.ofRoots(
                List.of(
                        MailCertificate.of(ca.root().getEncoded()).orElseThrow(),
                        MailCertificate.of(ca.issuing().getEncoded()).orElseThrow()),
                when);
    }

    private EncryptionPlan plan(
            List<String> to,
            @Nullable ContentAlgorithm cipher,
            Map<String, Set<ContentAlgorithm>> reads,
            MailCertificate... known)
            throws Exception {
        return EncryptionPlan.of(
                new EncryptionPlan.Wish(to, null, cipher),
                new EncryptionPlan.Known(List.of(known), reads),
                trust(clock),
                clock);
    }

    private byte[] encrypt(EncryptionPlan plan, String mail) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new MessageEncryptor(new SecureRandom())
                .encrypt(Mail.read(Source.of(mail.getBytes(StandardCharsets.UTF_8))), plan, out);
        return out.toByteArray();
    }

    @ParameterizedTest
    @CsvSource({
        "RSA_2048_A,AES_256_CBC",
        "RSA_2048_A,AES_256_GCM",
        "RSA_3072,AES_128_CBC",
        "P256_A,AES_256_CBC",
        "P256_A,AES_256_GCM",
        "P384,AES_192_CBC",
        "P521,AES_128_GCM"
    })
    @DisplayName("is read by OpenSSL and by the recipient's token, to the byte")
    void read(TestKey key, ContentAlgorithm cipher) throws Exception {
        MailCertificate bob = certificate(key, "bob@example.org");
        MailCertificate carol = certificate(TestKey.RSA_2048_B, "carol@example.org");
        byte[] encrypted =
                encrypt(plan(List.of("bob@example.org", "carol@example.org"), cipher, Map.of(), bob, carol), MAIL);
        assertThat(new String(encrypted, StandardCharsets.US_ASCII))
                .doesNotContain("cake")
                .contains("Subject: Lunch");
        Files.write(openssl.file("encrypted"), encrypted);
        for (TestKey reader : List.of(key, TestKey.RSA_2048_B)) {
            Openssl.Result result = openssl.run(
                    "cms",
                    "-decrypt",
                    "-in",
                    "encrypted",
                    "-recip",
                    reader + ".pem",
                    "-inkey",
                    reader + ".key",
                    "-out",
                    "plain");
            assertThat(result.exitCode()).as(result.output()).isZero();
            assertThat(Files.readString(openssl.file("plain"))).isEqualTo(CONTENT);
            SoftwareKeys token = new SoftwareKeys()
                    .add(reader, ca.mail(reader.publicKey(), reader == key ? "bob@example.org" : "carol@example.org"));
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (MessageDecryptor.DecryptedMail mail =
                    new MessageDecryptor(token, directory).decrypt(new ByteArrayInputStream(encrypted))) {
                mail.writeTo(out);
            }
            assertThat(out.toString(StandardCharsets.US_ASCII)).isEqualTo(CONTENT);
        }
    }

    @Test
    @DisplayName("is AES-256-CBC, and GCM only if every recipient says that it can be read")
    void evidence() throws Exception {
        MailCertificate bob = certificate(TestKey.RSA_2048_A, "bob@example.org");
        MailCertificate carol = certificate(TestKey.P256_A, "carol@example.org");
        List<String> both = List.of("bob@example.org", "carol@example.org");
        Set<ContentAlgorithm> gcm = Set.of(ContentAlgorithm.AES_256_GCM);
        assertThat(plan(both, null, Map.of(), bob, carol).cipher()).isEqualTo(ContentAlgorithm.AES_256_CBC);
        assertThat(plan(both, null, Map.of(bob.fingerprint(), gcm), bob, carol).cipher())
                .isEqualTo(ContentAlgorithm.AES_256_CBC);
        assertThat(plan(both, null, Map.of(bob.fingerprint(), gcm, carol.fingerprint(), gcm), bob, carol)
                        .cipher())
                .isEqualTo(ContentAlgorithm.AES_256_GCM);
    }

    @Test
    @DisplayName("is by the policy's cipher of the day, which gives way to what recipients say, but not to weak ones")
    void policy() throws Exception {
        MailCertificate bob = certificate(TestKey.RSA_2048_A, "bob@example.org");
        AlgorithmPolicy later =
                AlgorithmPolicy.builtIn().with(Map.of("default.cipher", "AES-256-CBC until 2027-01-01, AES-256-GCM"));
        Clock newYear = Clock.fixed(Instant.parse("2027-01-01T00:00:00Z"), ZoneOffset.UTC);
        assertThat(by(later, clock, Map.of(), bob).cipher()).isEqualTo(ContentAlgorithm.AES_256_CBC);
        assertThat(by(later, newYear, Map.of(), bob).cipher()).isEqualTo(ContentAlgorithm.AES_256_GCM);
        EncryptionPlan told = by(later, newYear, Map.of(bob.fingerprint(), Set.of(ContentAlgorithm.AES_128_CBC)), bob);
        assertThat(told.cipher()).isEqualTo(ContentAlgorithm.AES_128_CBC);
        assertThat(told.decisions().get(0))
                .contains("bob@example.org does not say that AES-256-GCM", "mail.properties");
        EncryptionPlan old = by(later, clock, Map.of(bob.fingerprint(), Set.of(ContentAlgorithm.TRIPLE_DES_CBC)), bob);
        assertThat(old.cipher()).isEqualTo(ContentAlgorithm.AES_256_CBC);
        assertThat(old.decisions().get(0)).contains("nothing weaker is written");
        AlgorithmPolicy ended = AlgorithmPolicy.builtIn().with(Map.of("cipher.AES", "until 2027-01-01"));
        assertThat(by(ended, clock, Map.of(), bob).cipher()).isEqualTo(ContentAlgorithm.AES_256_CBC);
        assertThat(reasons(() -> by(ended, newYear, Map.of(), bob))).containsExactly(Reason.POLICY);
    }

    private EncryptionPlan by(
            AlgorithmPolicy policy, Clock when, Map<String, Set<ContentAlgorithm>> reads, MailCertificate bob)
            throws Exception {
        return EncryptionPlan.of(
                new EncryptionPlan.Wish(List.of("bob@example.org"), null, null),
                new EncryptionPlan.Known(List.of(bob), reads),
                trust(when),
                policy,
                when);
    }

    @Test
    @DisplayName("says for each choice where it comes from, and OpenSSL sees in the message what was said")
    void explained() throws Exception {
        MailCertificate bob = certificate(TestKey.RSA_2048_A, "bob@example.org");
        MailCertificate carol = certificate(TestKey.P384, "carol@example.org");
        EncryptionPlan plan = plan(
                List.of("bob@example.org", "carol@example.org"),
                null,
                Map.of(carol.fingerprint(), Set.of(ContentAlgorithm.AES_256_CBC, ContentAlgorithm.AES_256_GCM)),
                bob,
                carol);
        assertThat(plan.decisions())
                .anyMatch(line -> line.startsWith("cipher AES-256-CBC: the default of the policy of "
                        + AlgorithmPolicy.builtIn().date()))
                .anyMatch(line ->
                        line.matches("bob@example.org: .*CN=bob@example.org, valid until .*, " + bob.fingerprint()))
                .contains("bob@example.org: key by RSA PKCS#1 v1.5")
                .contains("bob@example.org: reads what every program reads: nothing else is known")
                .contains("carol@example.org: key by ECDH with SHA-384 and AES-256 key wrap")
                .contains("carol@example.org: reads AES-256-CBC, AES-256-GCM, said a signed mail");
        Files.write(openssl.file("encrypted"), encrypt(plan, MAIL));
        assertThat(openssl.run("cms", "-cmsout", "-print", "-noout", "-in", "encrypted")
                        .output())
                .contains("aes-256-cbc", "rsaEncryption", "dhSinglePass-stdDH-sha384kdf-scheme")
                .doesNotContain("aes-256-gcm");
    }

    @Test
    @DisplayName("is refused with a reason for each recipient")
    void refused() throws Exception {
        MailCertificate bob = certificate(TestKey.RSA_2048_A, "bob@example.org");
        Map<String, Set<ContentAlgorithm>> cbc = Map.of(bob.fingerprint(), Set.of(ContentAlgorithm.AES_128_CBC));
        assertThat(reasons(() -> plan(List.of("bob@example.org", "dave@example.org"), null, Map.of(), bob)))
                .containsExactly(Reason.MISSING);
        assertThat(reasons(() ->
                        plan(List.of("bob@example.org", "dave@example.org"), ContentAlgorithm.AES_256_GCM, cbc, bob)))
                .containsExactlyInAnyOrder(Reason.MISSING, Reason.CAPABILITY_CONFLICT);
        Clock late = Clock.fixed(bob.notAfter().plusSeconds(1), ZoneOffset.UTC);
        assertThat(reasons(() -> at(late, bob))).containsExactly(Reason.EXPIRED);
        Clock early = Clock.fixed(bob.notBefore().minusSeconds(1), ZoneOffset.UTC);
        assertThat(reasons(() -> at(early, bob))).containsExactly(Reason.NOT_YET_VALID);
        assertThat(reasons(() -> EncryptionPlan.of(
                        new EncryptionPlan.Wish(List.of("bob@example.org"), null, null),
                        new EncryptionPlan.Known(List.of(bob), Map.of()),
                        MailTrust.ofRoots(List.of(), clock),
                        clock)))
                .containsExactly(Reason.UNTRUSTED);
        MailCertificate signsOnly = certificate(TestKey.ED25519, "bob@example.org");
        assertThat(reasons(() -> plan(List.of("bob@example.org"), null, Map.of(), signsOnly)))
                .containsExactly(Reason.WRONG_USAGE);
        assertThat(reasons(() -> plan(List.of(), null, Map.of(), bob))).containsExactly(Reason.MISSING);
    }

    private EncryptionPlan at(Clock when, MailCertificate bob) throws Exception {
        return EncryptionPlan.of(
                new EncryptionPlan.Wish(List.of("bob@example.org"), null, null),
                new EncryptionPlan.Known(List.of(bob), Map.of()),
                trust(when),
                when);
    }

    private static List<Reason> reasons(org.assertj.core.api.ThrowableAssert.ThrowingCallable plan) {
        RecipientRefusal refusal = catchThrowableOfType(RecipientRefusal.class, plan);
        assertThat(refusal).isNotNull();
        return refusal.refused().stream().map(RecipientRefusal.Refused::reason).toList();
    }

    @Test
    @DisplayName("goes to the same certificate in all 720 orders in which six are known")
    void orderDoesNotMatter() throws Exception {
        List<MailCertificate> known = List.of(
                certificate(TestKey.RSA_2048_A, "bob@example.org"),
                certificate(TestKey.RSA_2048_B, "bob@example.org"),
                certificate(TestKey.P256_A, "bob@example.org"),
                certificate(TestKey.RSA_2048_A, "bob@example.org"),
                certificate(TestKey.ED25519, "bob@example.org"),
                certificate(TestKey.P384, "carol@example.org"));
        Set<String> chosen = new HashSet<>();
        for (List<MailCertificate> order : Orders.of(known)) {
            chosen.add(plan(List.of("bob@example.org"), null, Map.of(), order.toArray(MailCertificate[]::new))
                    .recipients()
                    .get(0)
                    .certificate()
                    .fingerprint());
        }
        assertThat(chosen).hasSize(1);
    }

    @Test
    @DisplayName("is GCM where the certificate says that it can be read, unless its owner said otherwise in a mail")
    void declared() throws Exception {
        Authority root = new Authority("Root", TestKey.CA_ROOT);
        MailCertificate gcm = root.issue(Authority.mail("bob@example.org", TestKey.RSA_2048_A)
                .with(PKCSObjectIdentifiers.pkcs_9_at_smimeCapabilities, false, capabilities()));
        MailCertificate broken = root.issue(Authority.mail("bob@example.org", TestKey.RSA_2048_A)
                .with(PKCSObjectIdentifiers.pkcs_9_at_smimeCapabilities, false, DERNull.INSTANCE));
        Map<String, Set<ContentAlgorithm>> told = Map.of(gcm.fingerprint(), Set.of(ContentAlgorithm.AES_256_CBC));
        assertThat(toBob(root, Map.of(), gcm).cipher()).isEqualTo(ContentAlgorithm.AES_256_GCM);
        assertThat(toBob(root, told, gcm).cipher()).isEqualTo(ContentAlgorithm.AES_256_CBC);
        assertThat(toBob(root, Map.of(), broken).cipher()).isEqualTo(ContentAlgorithm.AES_256_CBC);
    }

    private static DERSequence capabilities() {
        return new DERSequence(new ASN1Encodable[] {
            new SMIMECapability(NISTObjectIdentifiers.id_aes256_CBC, null),
            new SMIMECapability(NISTObjectIdentifiers.id_aes256_GCM, null)
        });
    }

    @Test
    @DisplayName("goes to the newest certificate of an address that can be used now")
    void newestCounts() throws Exception {
        Authority root = new Authority("Root", TestKey.CA_ROOT);
        Authority stranger = new Authority("Stranger", TestKey.CA_ISSUING);
        Duration day = Duration.ofDays(1);
        MailCertificate old = root.issue(Authority.mail("bob@example.org", TestKey.RSA_2048_A)
                .valid(Authority.NOW.minus(day.multipliedBy(300)), Authority.NOW.plus(day)));
        MailCertificate renewed = root.issue(Authority.mail("bob@example.org", TestKey.RSA_2048_B));
        MailCertificate later = root.issue(Authority.mail("bob@example.org", TestKey.RSA_2048_C)
                .valid(Authority.NOW.plus(day), Authority.NOW.plus(day.multipliedBy(300))));
        MailCertificate foreign = stranger.issue(Authority.mail("bob@example.org", TestKey.RSA_2048_C)
                .valid(Authority.NOW.minus(day), Authority.NOW.plus(day)));
        for (List<MailCertificate> known :
                List.of(List.of(old, renewed, later, foreign), List.of(foreign, later, renewed, old))) {
            assertThat(toBob(root, Map.of(), known.toArray(MailCertificate[]::new))
                            .recipients()
                            .get(0)
                            .certificate())
                    .isEqualTo(renewed);
        }
    }

    private static EncryptionPlan toBob(
            Authority root, Map<String, Set<ContentAlgorithm>> told, MailCertificate... known) throws Exception {
        Clock now = Clock.fixed(Authority.NOW, ZoneOffset.UTC);
        return EncryptionPlan.of(
                new EncryptionPlan.Wish(List.of("bob@example.org"), null, null),
                new EncryptionPlan.Known(List.of(known), told),
                MailTrust.ofRoots(List.of(root.root()), now),
                now);
    }
}
