package org.tokend.smime.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.tokend.smime.testing.Authority.NOW;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.smime.certificate.CertificateFile;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.policy.MailPolicy;
import org.tokend.smime.testing.Authority;
import org.tokend.smime.trust.TrustException.Reason;
import org.tokend.smime.trust.TrustStore.Standing;
import org.tokend.smime.trust.TrustedRoot.Layer;

@DisplayName("Trust in roots")
class TrustStoreTest {

    private final MailCertificate root = new Authority("Root", TestKey.CA_ROOT).root();
    private final MailCertificate other = new Authority("Other", TestKey.RSA_2048_B).root();

    @TempDir
    Path directory;

    private TrustStore store() throws IOException {
        MailPolicy policy =
                MailPolicy.read(List.of(directory.resolve("etc.properties"), directory.resolve("user.properties")));
        return new TrustStore(
                new TrustPlaces(
                        directory.resolve("bundle.crt"), directory.resolve("etc"), directory.resolve("home/user")),
                policy,
                Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private static void refused(Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        TrustException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason));
    }

    @Test
    @DisplayName("comes from three layers, and each root says from which")
    void layers() throws IOException {
        Files.writeString(directory.resolve("bundle.crt"), CertificateFile.pem(List.of(root)));
        Files.createDirectories(directory.resolve("etc"));
        Files.write(directory.resolve("etc/other.cer"), other.encoded());
        Files.writeString(directory.resolve("etc/broken.pem"), "nothing");
        assertThat(store().roots()).extracting(TrustedRoot::layer).containsExactly(Layer.SYSTEM, Layer.MACHINE);
        assertThat(store().standing(root)).isEqualTo(Standing.TRUSTED);
        assertThat(store().digest()).startsWith("sha256:");
        Files.writeString(directory.resolve("user.properties"), "trust.system = no");
        assertThat(store().certificates()).containsExactly(other);
        assertThat(store().standing(root)).isEqualTo(Standing.UNTRUSTED);
    }

    @Test
    @DisplayName("is given with the fingerprint, in whatever way it is written, and taken back")
    void addAndRemove() throws IOException {
        String written =
                root.fingerprint().substring(7).toUpperCase(Locale.ROOT).replaceAll("(..)(?!$)", "$1:");
        assertThat(store().add(List.of(root), written).layer()).isEqualTo(Layer.USER);
        assertThat(store().certificates()).containsExactly(root);
        assertThat(Files.getPosixFilePermissions(directory.resolve("home/user")))
                .hasSize(3);
        store().remove(root);
        assertThat(store().roots()).isEmpty();
    }

    @Test
    @DisplayName("is not given with another fingerprint, to what is no root, to what expired, or to many at once")
    void refusals() throws IOException {
        Authority authority = new Authority("Root", TestKey.CA_ROOT);
        MailCertificate person = authority.issue(Authority.mail("a@example.org", TestKey.RSA_2048_A));
        MailCertificate middle = authority.issue(new Authority("Middle", TestKey.CA_ISSUING).asSubject());
        MailCertificate old = authority.issue(authority.asSubject().expired());
        TrustStore store = store();
        refused(Reason.FINGERPRINT_DIFFERS, () -> store.add(List.of(root), other.fingerprint()));
        refused(Reason.NOT_A_ROOT, () -> store.add(List.of(person), person.fingerprint()));
        refused(Reason.NOT_A_ROOT, () -> store.add(List.of(middle), middle.fingerprint()));
        refused(Reason.EXPIRED, () -> store.add(List.of(old), old.fingerprint()));
        refused(Reason.NOT_ONE_CERTIFICATE, () -> store.add(List.of(root, other), root.fingerprint()));
        refused(Reason.NOT_TRUSTED_HERE, () -> store.remove(root));
        assertThat(store.roots()).isEmpty();
    }

    @Test
    @DisplayName("tells a root that has the name of a trusted one and another key")
    void namesake() throws IOException {
        store().add(List.of(root), root.fingerprint());
        MailCertificate namesake = new Authority("Root", TestKey.RSA_2048_C).root();
        assertThat(store().standing(namesake)).isEqualTo(Standing.DIFFERENT_KEY_SAME_NAME);
    }

    @Test
    @DisplayName("is the administrator's where their file locks it, and the error names that file")
    void locked() throws IOException {
        store().add(List.of(root), root.fingerprint());
        Path etc = directory.resolve("etc.properties");
        Files.writeString(etc, "trust.user = no\nlocked = trust.user");
        Files.writeString(directory.resolve("user.properties"), "trust.user = yes");
        TrustStore store = store();
        assertThat(store.roots()).isEmpty();
        refused(Reason.POLICY_LOCKED, () -> store.add(List.of(other), other.fingerprint()));
        assertThatThrownBy(() -> store.add(List.of(other), other.fingerprint())).hasMessageContaining(etc.toString());
    }
}
