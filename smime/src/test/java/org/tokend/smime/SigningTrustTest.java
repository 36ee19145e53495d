package org.tokend.smime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.tokend.smime.testing.Authority.NOW;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.protocol.KeyDescription;
import org.tokend.smime.MailTrust.Strictness;
import org.tokend.smime.certificate.CertificateChoiceException;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.certificate.SigningCertificates;
import org.tokend.smime.certificate.SigningWish;
import org.tokend.smime.chain.Anchors;
import org.tokend.smime.chain.IssuerSource;
import org.tokend.smime.chain.PathFinder;
import org.tokend.smime.fetch.DocumentCache;
import org.tokend.smime.fetch.Fetcher;
import org.tokend.smime.policy.AlgorithmPolicy;
import org.tokend.smime.revocation.LocalCrls;
import org.tokend.smime.revocation.RevocationCheck;
import org.tokend.smime.testing.Authority;
import org.tokend.smime.testing.Orders;
import org.tokend.smime.testing.SoftwareKeys;

@DisplayName("The certificate to sign with, where others have something to say about it,")
class SigningTrustTest {

    private static final SigningWish NO_WISH = new SigningWish(null, null, List.of());

    private final Authority root = new Authority("Root", TestKey.CA_ROOT);
    private final Authority strange = new Authority("Elsewhere", TestKey.CA_ISSUING);
    private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);

    @TempDir
    Path crls;

    private MailCertificate revoked;

    @BeforeEach
    void revoke() throws Exception {
        revoked = mail(root, TestKey.P256_B);
        Files.write(crls.resolve("root.crl"), root.crl(NOW.minusSeconds(60), NOW.plusSeconds(60), revoked));
    }

    private static MailCertificate mail(Authority by, TestKey key) {
        return by.issue(Authority.mail("a@example.org", key));
    }

    private SigningTrust trust() {
        AlgorithmPolicy policy = AlgorithmPolicy.builtIn();
        DocumentCache none = DocumentCache.none();
        return new SigningTrust(new MailTrust(
                new PathFinder(
                        new Anchors(List.of(root.root())), new IssuerSource(Fetcher.offline(), none), policy, clock),
                new RevocationCheck(Fetcher.offline(), none, new LocalCrls(List.of(crls), policy), policy, clock),
                Strictness.HARD,
                Duration.ofSeconds(1),
                List.of()));
    }

    private static X509Certificate jdk(MailCertificate certificate) throws Exception {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new java.io.ByteArrayInputStream(certificate.encoded()));
    }

    private String choose(List<KeyDescription> keys) throws CertificateChoiceException {
        return new SigningCertificates(keys, clock, trust())
                .choose(NO_WISH)
                .key()
                .label();
    }

    @Test
    @DisplayName("is refused with the cause when it was revoked, also where it is the only one")
    void revoked() throws Exception {
        SoftwareKeys keys = new SoftwareKeys().add(TestKey.P256_B, jdk(revoked));
        CertificateChoiceException refused =
                catchThrowableOfType(CertificateChoiceException.class, () -> choose(keys.list()));
        assertThat(refused).hasMessageContaining("revoked").hasMessageContaining("keyCompromise");
    }

    @Test
    @DisplayName("may be one whose revocation nobody knows, or whose root nobody trusts here, if there is no other")
    void unknown() throws Exception {
        SoftwareKeys keys = new SoftwareKeys().add(TestKey.RSA_2048_A, jdk(mail(strange, TestKey.RSA_2048_A)));
        assertThat(choose(keys.list())).isEqualTo("RSA_2048_A");
    }

    @Test
    @DisplayName("is the good one among six, and each refusal has its reason, in all 720 orders")
    void permutations() throws Exception {
        SoftwareKeys keys = new SoftwareKeys()
                .add(TestKey.RSA_2048_A, jdk(mail(root, TestKey.RSA_2048_A)))
                .add(TestKey.RSA_2048_B, jdk(mail(strange, TestKey.RSA_2048_B)))
                .add(TestKey.P256_B, jdk(revoked))
                .add(
                        TestKey.P256_A,
                        jdk(root.issue(
                                Authority.mail("a@example.org", TestKey.P256_A).expired())))
                .add(
                        TestKey.P384,
                        jdk(root.issue(Authority.person("Alice", TestKey.P384)
                                .address("a@example.org")
                                .usage(KeyUsage.keyAgreement))))
                .add(
                        TestKey.P521,
                        jdk(root.issue(Authority.person("Alice", TestKey.P521)
                                .address("a@example.org")
                                .usage(KeyUsage.digitalSignature)
                                .purpose(KeyPurposeId.id_kp_clientAuth))));
        List<List<KeyDescription>> orders = Orders.of(keys.list());
        assertThat(orders).hasSize(720);
        for (List<KeyDescription> order : orders) {
            assertThat(choose(order)).isEqualTo("RSA_2048_A");
            List<KeyDescription> bad = order.stream()
                    .filter(each -> !each.label().startsWith("RSA"))
                    .toList();
            CertificateChoiceException refused =
                    catchThrowableOfType(CertificateChoiceException.class, () -> choose(bad));
            assertThat(refused.candidates())
                    .hasSize(4)
                    .anyMatch(line -> line.contains("revoked"))
                    .anyMatch(line -> line.contains("expired"))
                    .anyMatch(line -> line.contains("key usage does not allow signatures"))
                    .anyMatch(line -> line.contains("does not name e-mail protection"));
        }
    }
}
