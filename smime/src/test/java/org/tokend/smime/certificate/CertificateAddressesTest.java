package org.tokend.smime.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.OtherName;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.smime.testing.Authority;

@DisplayName("The addresses of a certificate")
class CertificateAddressesTest {
    private static final ASN1ObjectIdentifier SMTP_UTF8_MAILBOX = new ASN1ObjectIdentifier("1.3.6.1.5.5.7.8.9");

    private final Authority authority = new Authority("Root", TestKey.CA_ROOT);

    @Test
    @DisplayName("stand in the alternative name, in ASCII or UTF-8")
    void alternative() {
        assertThat(authority
                        .issue(Authority.mail("a@example.org", TestKey.P256_A))
                        .addresses())
                .containsExactly("a@example.org");
        OtherName mailbox = new OtherName(SMTP_UTF8_MAILBOX, new DERUTF8String("grüße@example.org"));
        MailCertificate utf8 = authority.issue(Authority.person("Grüße", TestKey.P256_A)
                .with(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(new GeneralName(GeneralName.otherName, mailbox))));
        assertThat(utf8.addresses()).containsExactly("grüße@example.org");
        assertThat(utf8.legacyAddresses()).isEmpty();
        assertThat(utf8.hasAddress("Grüße@example.org")).isTrue();
    }

    @Test
    @DisplayName("in the subject are read too, and are of the old kind where they stand nowhere else")
    void subject() {
        MailCertificate old = authority.issue(Authority.person("Old,E=old@example.org", TestKey.P256_A));
        assertThat(old.addresses()).containsExactly("old@example.org");
        assertThat(old.legacyAddresses()).containsExactly("old@example.org");
        MailCertificate both = authority.issue(
                Authority.person("Both,E=B@example.org", TestKey.P256_A).address("b@example.org"));
        assertThat(both.legacyAddresses()).isEmpty();
        assertThat(both.hasAddress("b@example.org")).isTrue();
    }

    @Test
    @DisplayName("are none where it names none")
    void none() {
        assertThat(authority.issue(Authority.person("Nobody", TestKey.P256_A)).addresses())
                .isEmpty();
    }
}
