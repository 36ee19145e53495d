package org.tokend.daemon.issuance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V2TBSCertListGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.tokend.daemon.access.Caller;
import org.tokend.daemon.access.Front;
import org.tokend.daemon.access.KeyUse;
import org.tokend.daemon.access.RefusalException;
import org.tokend.daemon.software.SoftwareToken;
import org.tokend.fixtures.keys.TestCa;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.KeyFingerprint;
import org.tokend.protocol.Algorithm;
import org.tokend.protocol.Sign;

@DisplayName("What a CA's key is asked to sign")
class IssuanceReaderTest {
    private static final Caller CALLER = new Caller(1000, 1000, 42, "/usr/bin/ca", Caller.Sandbox.NONE, Front.VARLINK);
    private static final Caller OTHER_USER =
            new Caller(1001, 1001, 43, "/usr/bin/ca", Caller.Sandbox.NONE, Front.VARLINK);

    private final TestCa ca = TestCa.create();
    private final X509Certificate leaf = ca.mail(TestKey.P256_B.publicKey(), "alice@example.org");

    private static Sign sign(Sign.Kind kind, Algorithm algorithm, byte[] input) {
        return new Sign("sha256:ab", algorithm, kind, input, "");
    }

    private static byte[] list(boolean ends) throws Exception {
        V2TBSCertListGenerator generator = new V2TBSCertListGenerator();
        generator.setIssuer(new X500Name("CN=Test Issuing CA"));
        generator.setThisUpdate(new Time(new Date()));
        if (ends) {
            generator.setNextUpdate(new Time(Date.from(Instant.now().plusSeconds(3600))));
        }
        generator.setSignature(
                new AlgorithmIdentifier(PKCSObjectIdentifiers.sha256WithRSAEncryption, DERNull.INSTANCE));
        generator.addCRLEntry(new ASN1Integer(10), new Time(new Date()), 1);
        return generator.generateTBSCertList().getEncoded("DER");
    }

    private static KeyDescriptor key(TestKey key, X509Certificate... certificates) throws Exception {
        List<byte[]> encoded = new ArrayList<>();
        for (X509Certificate each : certificates) {
            encoded.add(each.getEncoded());
        }
        return new SoftwareToken("card").add(key, "ca", encoded, null);
    }

    @Test
    @DisplayName("is read by what it says: whose certificate, which serial number, how long")
    void certificate() throws Exception {
        Issuance read =
                IssuanceReader.read(sign(Sign.Kind.X509_TBS, Algorithm.RSA_PKCS1_SHA256, leaf.getTBSCertificate()));
        assertThat(read.what()).isEqualTo(KeyUse.What.CERTIFICATE);
        assertThat(read.words())
                .contains(leaf.getSerialNumber().toString(16))
                .contains("valid until " + leaf.getNotAfter().toInstant());
        assertThat(read.facts()).containsPattern("sha256=[0-9a-f]{64}");
        assertThat(read.toSign(Algorithm.RSA_PKCS1_SHA256)).hasSize(32);
    }

    @Test
    @DisplayName("is a revocation list with an end, and never one thing under the name of the other")
    void list() throws Exception {
        Issuance read = IssuanceReader.read(sign(Sign.Kind.CRL, Algorithm.RSA_PKCS1_SHA256, list(true)));
        assertThat(read.words()).contains("Test Issuing CA", "entries 1");
        for (Sign wrong : List.of(
                sign(Sign.Kind.CRL, Algorithm.RSA_PKCS1_SHA256, list(false)),
                sign(Sign.Kind.X509_TBS, Algorithm.RSA_PKCS1_SHA256, list(true)),
                sign(Sign.Kind.CRL, Algorithm.RSA_PKCS1_SHA256, leaf.getTBSCertificate()))) {
            assertThatThrownBy(() -> IssuanceReader.read(wrong))
                    .isInstanceOf(RefusalException.class)
                    .hasMessageContaining("cannot be signed by a CA");
        }
    }

    @Test
    @DisplayName(
            "is refused where the algorithm inside is another, or weak, or where anything stands behind or is bent")
    void refused() throws Exception {
        byte[] whole = leaf.getTBSCertificate();
        for (Sign wrong : List.of(
                sign(Sign.Kind.X509_TBS, Algorithm.RSA_PKCS1_SHA512, whole),
                sign(Sign.Kind.X509_TBS, Algorithm.RSA_PKCS1_SHA1, whole),
                sign(Sign.Kind.X509_TBS, Algorithm.RSA_PKCS1_RAW, whole),
                sign(Sign.Kind.X509_TBS, Algorithm.RSA_PKCS1_SHA256, Arrays.copyOf(whole, whole.length + 1)),
                sign(Sign.Kind.X509_TBS, Algorithm.RSA_PKCS1_SHA256, Arrays.copyOf(whole, whole.length - 1)),
                sign(Sign.Kind.X509_TBS, Algorithm.RSA_PKCS1_SHA256, new byte[0]),
                sign(Sign.Kind.X509_TBS, Algorithm.RSA_PKCS1_SHA256, leaf.getEncoded()))) {
            assertThatThrownBy(() -> IssuanceReader.read(wrong)).isInstanceOf(RefusalException.class);
        }
    }

    @Test
    @DisplayName("breaks nothing, whatever it is: it is read, or refused")
    void mutated() throws Exception {
        Random random = new Random(7);
        for (byte[] sound : List.of(leaf.getTBSCertificate(), list(true))) {
            for (int i = 0; i < 4000; i++) {
                byte[] bent = sound.clone();
                for (int times = random.nextInt(3); times >= 0; times--) {
                    bent[random.nextInt(bent.length)] = (byte) random.nextInt(256);
                }
                for (Sign.Kind kind : List.of(Sign.Kind.X509_TBS, Sign.Kind.CRL)) {
                    try {
                        assertThat(IssuanceReader.read(sign(kind, Algorithm.RSA_PKCS1_SHA256, bent))
                                        .words())
                                .isNotEmpty();
                    } catch (RefusalException expected) {
                        assertThat(expected.getMessage()).contains("cannot be signed by a CA");
                    }
                }
            }
        }
    }

    @Test
    @DisplayName("is signed by the key of the issuer that it names, and by no other CA's")
    void issuer() throws Exception {
        Issuance read =
                IssuanceReader.read(sign(Sign.Kind.X509_TBS, Algorithm.RSA_PKCS1_SHA256, leaf.getTBSCertificate()));
        read.requireIssuer(key(TestKey.CA_ISSUING, ca.issuing()));
        for (KeyDescriptor wrong :
                List.of(key(TestKey.CA_ISSUING), key(TestKey.CA_ROOT, ca.root()), key(TestKey.P256_B, leaf))) {
            assertThatThrownBy(() -> read.requireIssuer(wrong))
                    .isInstanceOf(RefusalException.class)
                    .hasMessageContaining("does not speak for the issuer");
        }
        Issuance root = IssuanceReader.read(
                sign(Sign.Kind.X509_TBS, Algorithm.RSA_PKCS1_SHA256, ca.root().getTBSCertificate()));
        root.requireIssuer(key(TestKey.CA_ROOT));
        assertThatThrownBy(() -> root.requireIssuer(key(TestKey.P256_B))).isInstanceOf(RefusalException.class);
    }

    @Test
    @DisplayName("is signed while an occasion is open for the key, by the user who opened it")
    void occasion() throws Exception {
        KeyFingerprint key = KeyFingerprint.of(TestKey.CA_ROOT.publicKey().getEncoded());
        Instant now = Instant.parse("2027-01-01T10:00:00Z");
        AtomicReference<Instant> time = new AtomicReference<>(now);
        InstantSource clock = time::get;
        Occasions occasions = new Occasions(clock);
        Occasion occasion = new Occasion(key, "test", 1000, now.plusSeconds(60));
        occasions.open(occasion);
        assertThat(occasions.current(CALLER, key)).isSameAs(occasion);
        assertThatThrownBy(() -> occasions.current(OTHER_USER, key)).hasMessageContaining("another user");
        assertThatThrownBy(() -> occasions.open(new Occasion(key, "second", 1000, now.plusSeconds(90))))
                .hasMessageContaining("\"test\" is open");
        time.set(now.plusSeconds(60));
        assertThatThrownBy(() -> occasions.current(CALLER, key)).hasMessageContaining("no occasion is open");
        assertThat(occasions.close(occasion)).isTrue();
        assertThat(occasions.close(key)).isEmpty();
    }
}
