package org.tokend.smime.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.tokend.smime.testing.Authority.NOW;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.certificate.Reputation;
import org.tokend.smime.profile.ProfileException.Reason;
import org.tokend.smime.testing.Authority;
import org.tokend.smime.testing.SoftwareKeys;

@DisplayName("A profile")
class ProfileTest {

    private final Authority authority = new Authority("Root", TestKey.CA_ROOT);
    private final MailCertificate dual = authority.issue(Authority.mail("a@example.org", TestKey.RSA_2048_A));
    private final MailCertificate signing = authority.issue(
            Authority.person("a", TestKey.P256_A).address("a@example.org").usage(KeyUsage.digitalSignature));

    @TempDir
    Path directory;

    private ProfileCheck check(Instant now) throws Exception {
        SoftwareKeys keys =
                new SoftwareKeys().add(TestKey.RSA_2048_A, dual.toX509()).add(TestKey.P256_A, signing.toX509());
        return new ProfileCheck(keys.list(), Clock.fixed(now, ZoneOffset.UTC), Reputation.NONE);
    }

    private static void refused(Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProfileException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason));
    }

    @Test
    @DisplayName("is kept under its name, listed and deleted; a name is no path")
    void kept() throws IOException {
        ProfileStore store = new ProfileStore(directory.resolve("profiles"));
        Profile work = new Profile("work", dual.fingerprint(), null, "rsa-pss-sha256", "AES-256-CBC", false);
        store.write(work);
        assertThat(store.read("work")).isEqualTo(work);
        assertThat(store.names()).containsExactly("work");
        store.delete("work");
        assertThat(store.names()).isEmpty();
        refused(Reason.PROFILE_MISSING, () -> store.read("work"));
        refused(Reason.PROFILE_NAME_INVALID, () -> store.read("../work"));
    }

    @Test
    @DisplayName("is refused with a certificate that expired, is made for something else, or is not here")
    void checked() throws Exception {
        Profile good = new Profile("work", signing.fingerprint(), dual.fingerprint(), null, null, null);
        check(NOW).require(good);
        assertThat(check(NOW).signer(good).orElseThrow().certificate()).isEqualTo(signing);
        refused(
                Reason.PROFILE_CERT_INVALID,
                () -> check(NOW).require(new Profile("work", null, signing.fingerprint(), null, null, null)));
        refused(
                Reason.PROFILE_CERT_INVALID,
                () -> check(signing.notAfter().plusSeconds(1)).require(good));
        refused(
                Reason.PROFILE_KEY_MISSING,
                () -> check(NOW).require(new Profile("work", "sha256:00", null, null, null, null)));
    }

    @Test
    @DisplayName("may leave everything open")
    void open() throws Exception {
        assertThat(check(NOW).signer(new Profile("any", null, null, null, null, null)))
                .isEmpty();
    }
}
