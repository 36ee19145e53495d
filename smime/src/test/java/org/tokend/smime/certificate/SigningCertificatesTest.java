package org.tokend.smime.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tokend.fixtures.keys.CertificateProfile;
import org.tokend.fixtures.keys.CertificateProfile.KeyUsageBit;
import org.tokend.fixtures.keys.TestCa;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.protocol.KeyDescription;
import org.tokend.smime.testing.Orders;
import org.tokend.smime.testing.SoftwareKeys;

@DisplayName("The certificate to sign with")
class SigningCertificatesTest {

    private static final Instant NOW = Instant.parse("2026-11-21T03:00:00Z");
    private static final SigningWish NO_WISH = new SigningWish(null, null, List.of());

    private final TestCa ca = TestCa.create();
    private final SoftwareKeys keys = new SoftwareKeys();

    private CertifiedKey choose(SigningWish wish) throws CertificateChoiceException {
        return choose(keys.list(), wish);
    }

    private static CertifiedKey choose(List<KeyDescription> keys, SigningWish wish) throws CertificateChoiceException {
        return new SigningCertificates(keys, Clock.fixed(NOW, ZoneOffset.UTC), Reputation.NONE).choose(wish);
    }

    private X509Certificate certificate(TestKey key, String kind) {
        CertificateProfile mail = CertificateProfile.mail(key.publicKey(), "alice@example.org");
        return switch (kind) {
            case "expired" ->
                ca.issue(key.publicKey(), mail.withValidity(NOW.minusSeconds(2000), NOW.minusSeconds(1000)));
            case "future" -> ca.issue(key.publicKey(), mail.withValidity(NOW.plusSeconds(1000), NOW.plusSeconds(2000)));
            case "encryption" -> ca.issue(key.publicKey(), mail.withUsages(KeyUsageBit.KEY_ENCIPHERMENT));
            case "tls" -> ca.issue(key.publicKey(), mail.withPurposes(CertificateProfile.CLIENT_AUTHENTICATION));
            case "renewed" ->
                ca.issue(key.publicKey(), mail.withValidity(NOW.minusSeconds(10), NOW.plusSeconds(100_000)));
            default -> ca.issue(key.publicKey(), mail);
        };
    }

    @ParameterizedTest
    @CsvSource({
        "expired, it expired on",
        "future, it is not valid before",
        "encryption, key usage does not allow signatures",
        "tls, does not name e-mail protection"
    })
    @DisplayName("is refused with its reason when it cannot sign a mail now")
    void refused(String kind, String reason) {
        keys.add(TestKey.RSA_2048_A, certificate(TestKey.RSA_2048_A, kind));
        assertThatThrownBy(() -> choose(NO_WISH))
                .isInstanceOf(CertificateChoiceException.class)
                .hasMessageContaining(reason)
                .hasMessageContaining("pkcs11:");
    }

    @Test
    @DisplayName("is the only good one among bad ones, in whatever order the token lists them")
    void orderDoesNotCount() throws Exception {
        keys.add(TestKey.RSA_2048_A, certificate(TestKey.RSA_2048_A, "expired"))
                .add(TestKey.RSA_2048_B, certificate(TestKey.RSA_2048_B, "encryption"))
                .add(TestKey.P256_A, certificate(TestKey.P256_A, "good"))
                .add(TestKey.P256_B, certificate(TestKey.P256_B, "tls"))
                .add(TestKey.P384, certificate(TestKey.P384, "future"))
                .add(TestKey.P521);
        List<List<KeyDescription>> orders = Orders.of(keys.list());
        assertThat(orders).hasSize(720);
        for (List<KeyDescription> order : orders) {
            assertThat(choose(order, NO_WISH).key().label()).isEqualTo("P256_A");
        }
    }

    @Test
    @DisplayName("is the one with the address in From, and no choice is an error that lists all")
    void byAddress() throws Exception {
        keys.add(TestKey.RSA_2048_A, ca.mail(TestKey.RSA_2048_A.publicKey(), "alice@example.org"))
                .add(TestKey.RSA_2048_B, ca.mail(TestKey.RSA_2048_B.publicKey(), "alice@home.example"));
        assertThat(choose(new SigningWish(null, null, List.of("Alice@Home.Example")))
                        .key()
                        .label())
                .isEqualTo("RSA_2048_B");
        assertThat(choose(new SigningWish(null, "alice@example.org", List.of("alice@home.example")))
                        .key()
                        .label())
                .isEqualTo("RSA_2048_A");
        CertificateChoiceException ambiguous =
                catchThrowableOfType(CertificateChoiceException.class, () -> choose(NO_WISH));
        assertThat(ambiguous.reason()).isEqualTo(CertificateChoiceException.Reason.AMBIGUOUS);
        assertThat(ambiguous.candidates()).hasSize(2);
        CertificateChoiceException none = catchThrowableOfType(
                CertificateChoiceException.class, () -> choose(new SigningWish(null, "bob@example.org", List.of())));
        assertThat(none.reason()).isEqualTo(CertificateChoiceException.Reason.NONE_FOUND);
    }

    @Test
    @DisplayName("of one key is the newest")
    void renewed() throws Exception {
        X509Certificate renewed = certificate(TestKey.RSA_2048_A, "renewed");
        keys.add(TestKey.RSA_2048_A, certificate(TestKey.RSA_2048_A, "good"), renewed);
        assertThat(choose(NO_WISH).certificate().encoded()).isEqualTo(renewed.getEncoded());
    }

    @Test
    @DisplayName("of a named key is found by URI and by fingerprint")
    void named() throws Exception {
        keys.add(TestKey.RSA_2048_A, certificate(TestKey.RSA_2048_A, "good"))
                .add(TestKey.P256_A, certificate(TestKey.P256_A, "good"));
        assertThat(choose(new SigningWish("pkcs11:object=P256%5FA", null, List.of()))
                        .key()
                        .label())
                .isEqualTo("P256_A");
        String fingerprint = keys.list().get(0).fingerprint();
        assertThat(choose(new SigningWish(fingerprint, null, List.of())).key().label())
                .isEqualTo("RSA_2048_A");
    }
}
