package org.tokend.smime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.asn1.cms.Time;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.smime.SMIMECapabilitiesAttribute;
import org.bouncycastle.asn1.smime.SMIMECapabilityVector;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.fixtures.keys.TestCa;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.smime.MessageVerifier.VerifiedMail;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.cms.ContentAlgorithm;
import org.tokend.smime.mime.Source;
import org.tokend.smime.testing.PeerMail;

@DisplayName("What is kept of correspondents")
class RecipientStoreTest {

    private static final Instant NOW = Instant.now();
    private static final Instant EARLIER = NOW.minusSeconds(3600).truncatedTo(java.time.temporal.ChronoUnit.SECONDS);

    private final TestCa ca = TestCa.create();

    @TempDir
    Path directory;

    private RecipientStore store() {
        return new RecipientStore(directory.resolve("people"), Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private MailCertificate alice() throws Exception {
        return MailCertificate.of(ca.mail(TestKey.RSA_2048_A.publicKey(), "alice@example.org")
                        .getEncoded())
                .orElseThrow();
    }

    /** A mail by Alice, which says when it was signed and which ciphers she reads. */
    private byte[] signed(MailCertificate alice, Instant when, boolean gcm) throws Exception {
        SMIMECapabilityVector reads = new SMIMECapabilityVector();
        reads.addCapability(gcm ? NISTObjectIdentifiers.id_aes256_GCM : NISTObjectIdentifiers.id_aes256_CBC);
        return PeerMail.signed(
                alice,
                new SMIMECapabilitiesAttribute(reads),
                new Attribute(CMSAttributes.signingTime, new DERSet(new Time(Date.from(when)))));
    }

    private Harvest harvest(byte[] mail, boolean trusted) throws Exception {
        List<MailCertificate> roots = trusted
                ? List.of(
                        MailCertificate.of(ca.root().getEncoded()).orElseThrow(),
                        MailCertificate.of(ca.issuing().getEncoded()).orElseThrow())
                : List.of();
        MessageVerifier verifier =
                new MessageVerifier(MailTrust.ofRoots(roots, Clock.systemUTC()), List.of(), directory);
        try (VerifiedMail verified = verifier.verify(Source.of(mail))) {
            return store().harvest(verified);
        }
    }

    private KeptRecipient only() throws Exception {
        assertThat(store().list()).hasSize(1);
        return store().list().get(0);
    }

    @Test
    @DisplayName("is what was said last, in whatever order the mails are read, and a file takes nothing back")
    void newestWordCounts() throws Exception {
        MailCertificate alice = alice();
        store().add(alice);
        assertThat(only().origin()).isEqualTo(KeptRecipient.Origin.FILE);
        harvest(signed(alice, NOW.minusSeconds(60), true), true);
        harvest(signed(alice, EARLIER, false), true);
        store().add(alice);
        assertThat(only().reads().ciphers()).isEqualTo(Set.of(ContentAlgorithm.AES_256_GCM));
        assertThat(only().origin()).isEqualTo(KeptRecipient.Origin.SIGNED_MAIL);
        harvest(signed(alice, NOW.minusSeconds(30), false), true);
        assertThat(only().reads().ciphers()).isEqualTo(Set.of(ContentAlgorithm.AES_256_CBC));
    }

    @Test
    @DisplayName("is said now at the latest: a clock that is ahead does not silence the mails of tomorrow")
    void clockAhead() throws Exception {
        MailCertificate alice = alice();
        harvest(signed(alice, NOW.plusSeconds(86_400 * 365L), true), true);
        assertThat(only().said()).isBeforeOrEqualTo(NOW);
        harvest(signed(alice, NOW, false), true);
        assertThat(only().reads().ciphers()).isEqualTo(Set.of(ContentAlgorithm.AES_256_CBC));
    }

    @Test
    @DisplayName("comes from senders who are trusted; of others there is nothing, and the reason")
    void untrusted() throws Exception {
        Harvest harvest = harvest(signed(alice(), EARLIER, true), false);
        assertThat(harvest.outcome()).isEqualTo(Harvest.Outcome.NOT_TRUSTED);
        assertThat(harvest.why()).contains("Test Issuing CA");
        assertThat(store().list()).isEmpty();
    }
}
