package org.tokend.smime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokend.smime.testing.Authority.NOW;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.smime.MailTrust.Strictness;
import org.tokend.smime.TrustVerdict.Chain;
import org.tokend.smime.TrustVerdict.Revocation;
import org.tokend.smime.certificate.KeyPurpose;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.chain.Anchors;
import org.tokend.smime.chain.IssuerSource;
import org.tokend.smime.chain.PathFinder;
import org.tokend.smime.fetch.DocumentCache;
import org.tokend.smime.fetch.Fetcher;
import org.tokend.smime.fetch.HttpFetcher;
import org.tokend.smime.policy.AlgorithmPolicy;
import org.tokend.smime.revocation.LocalCrls;
import org.tokend.smime.revocation.RevocationCheck;
import org.tokend.smime.testing.Authority;
import org.tokend.smime.testing.WebServer;

@DisplayName("The verdict on a certificate")
class MailTrustTest {

    private final Authority root = new Authority("Root", TestKey.CA_ROOT);
    private final MailCertificate rootCertificate = root.root();

    private MailTrust trust(Fetcher fetcher, Strictness strictness) {
        Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
        AlgorithmPolicy policy = AlgorithmPolicy.builtIn();
        DocumentCache cache = DocumentCache.none();
        return new MailTrust(
                new PathFinder(new Anchors(List.of(rootCertificate)), new IssuerSource(fetcher, cache), policy, clock),
                new RevocationCheck(fetcher, cache, new LocalCrls(List.of(), policy), policy, clock),
                strictness,
                Duration.ofSeconds(2),
                List.of());
    }

    @Test
    @DisplayName("says revoked, not known and trusted apart, and by policy refuses what is not known")
    void revocation() throws Exception {
        try (WebServer web = new WebServer()) {
            MailCertificate alice = root.issue(
                    Authority.mail("a@example.org", TestKey.RSA_2048_A).crl(web.url("/list")));
            TrustVerdict unknown = trust(new HttpFetcher(), Strictness.SOFT).judge(alice, KeyPurpose.SIGN, List.of());
            assertThat(unknown.state()).isEqualTo(Chain.TRUSTED);
            assertThat(unknown.revocation()).isEqualTo(Revocation.UNKNOWN);
            assertThat(unknown.isTrusted()).isTrue();
            assertThat(unknown.reason()).contains("HTTP 404", web.url("/list"));
            assertThat(trust(new HttpFetcher(), Strictness.HARD)
                            .judge(alice, KeyPurpose.SIGN, List.of())
                            .isTrusted())
                    .isFalse();
            web.publish("/list", root.crl(NOW.minusSeconds(60), NOW.plusSeconds(60), alice));
            TrustVerdict revoked = trust(new HttpFetcher(), Strictness.SOFT).judge(alice, KeyPurpose.SIGN, List.of());
            assertThat(revoked.revocation()).isEqualTo(Revocation.REVOKED);
            assertThat(revoked.isTrusted()).isFalse();
            assertThat(revoked.reason()).contains("keyCompromise");
            web.publish("/list", root.crl(NOW.minusSeconds(60), NOW.plusSeconds(60)));
            assertThat(trust(new HttpFetcher(), Strictness.HARD)
                            .judge(alice, KeyPurpose.SIGN, List.of())
                            .isTrusted())
                    .isTrue();
        }
    }

    @Test
    @DisplayName("refuses a certificate that is made for something else than what it is wanted for")
    void usage() {
        MailCertificate signing = root.issue(Authority.mail("a@example.org", TestKey.P256_A)); // no key agreement
        MailTrust trust = trust(Fetcher.offline(), Strictness.OFF);
        assertThat(trust.judge(signing, KeyPurpose.SIGN, List.of()).isTrusted()).isTrue();
        assertThat(trust.judge(signing, KeyPurpose.ENCRYPT, List.of()).state()).isEqualTo(Chain.WRONG_USAGE);
        MailCertificate encryption = root.issue(Authority.person("b", TestKey.RSA_2048_B)
                .address("b@example.org")
                .usage(KeyUsage.keyEncipherment));
        assertThat(trust.judge(encryption, KeyPurpose.ENCRYPT, List.of()).isTrusted())
                .isTrue();
        assertThat(trust.judge(encryption, KeyPurpose.SIGN, List.of()).state()).isEqualTo(Chain.WRONG_USAGE);
    }

    @Test
    @DisplayName("on ten recipients whose lists are black holes costs one budget, not ten")
    void oneBudget() throws Exception {
        try (WebServer web = new WebServer()) {
            SignerTrust one = trust(new HttpFetcher(), Strictness.SOFT).forOneMail();
            Instant begin = Instant.now();
            for (int i = 0; i < 10; i++) {
                MailCertificate each = root.issue(
                        Authority.mail(i + "@example.org", TestKey.RSA_2048_A).crl(web.blackHole() + i));
                assertThat(one.judge(each, KeyPurpose.ENCRYPT, List.of()).revocation())
                        .isEqualTo(Revocation.UNKNOWN);
            }
            assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(8));
        }
    }
}
