package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSSignedDataParser;
import org.bouncycastle.cms.CMSTypedStream;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tokend.fixtures.keys.TestKey;

@DisplayName("A mail that tokenctl signed with a key on a token")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpensslAcceptsOurSignaturesIT {

    @TempDir
    static Path directory;

    private MailDesk desk;

    @BeforeAll
    void start() throws Exception {
        desk = new MailDesk(directory, TestKey.RSA_2048_A, TestKey.P256_A, TestKey.P384, TestKey.P521, TestKey.ED25519);
    }

    @AfterAll
    void stop() {
        desk.close();
    }

    @ParameterizedTest
    @CsvSource({
        "rsa-2048-a, rsa-pkcs1-sha256,",
        "rsa-2048-a, rsa-pkcs1-sha256, --opaque",
        "rsa-2048-a, rsa-pss-sha256,",
        "rsa-2048-a, rsa-pss-sha512, --opaque",
        "p256-a, ecdsa-sha256,",
        "p256-a, ecdsa-sha256, --opaque",
        "p384, ecdsa-sha384,",
        "p521, ecdsa-sha512,"
    })
    @DisplayName("is accepted by OpenSSL, which knows the root only")
    void accepted(String key, String algorithm, String form) throws Exception {
        desk.tokenctlSucceeds(
                "smime",
                "sign",
                "--key",
                key,
                "--algorithm",
                algorithm,
                "mail.eml",
                "-o",
                "signed.eml",
                form == null ? "--from=alice@example.org" : form);
        desk.succeeds(
                "openssl",
                "cms",
                "-verify",
                "-in",
                "signed.eml",
                "-CAfile",
                "root.pem",
                "-purpose",
                "smimesign",
                "-out",
                "content");
        assertThat(Files.readString(desk.file("content"))).contains("At noon, by the fountain?\r\nGr=C3=BC=C3=9Fe\r\n");
        assertThat(desk.pinentry().pinRequests())
                .as("prompts for the whole class")
                .isEqualTo(1);
    }

    @Test
    @DisplayName("is refused by OpenSSL when one letter of it was changed")
    void changed() throws Exception {
        desk.tokenctlSucceeds("smime", "sign", "--key", "p256-a", "mail.eml", "-o", "signed.eml");
        String signed = Files.readString(desk.file("signed.eml"));
        Files.writeString(desk.file("signed.eml"), signed.replace("noon", "nine"));
        assertThat(desk.run("openssl", "cms", "-verify", "-in", "signed.eml", "-CAfile", "root.pem")
                        .status())
                .isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource({"ed25519, ED25519", "p256-a, P256_A", "rsa-2048-a, RSA_2048_A"})
    @DisplayName("is accepted by Bouncy Castle, Ed25519 too, and carries the attributes of S/MIME")
    void bouncyCastle(String key, TestKey certificate) throws Exception {
        desk.tokenctlSucceeds("smime", "sign", "--key", key, "mail.eml", "-o", "signed.eml");
        String signed = Files.readString(desk.file("signed.eml")).replace("\n", "\r\n");
        String boundary = "--" + signed.replaceAll("(?s).*boundary=\"([^\"]+)\".*", "$1");
        String[] parts = signed.split(java.util.regex.Pattern.quote(boundary));
        String entity = parts[1].substring(2, parts[1].length() - 2);
        byte[] signature = Base64.getMimeDecoder().decode(parts[2].substring(parts[2].indexOf("\r\n\r\n") + 4));
        CMSSignedDataParser parser = new CMSSignedDataParser(
                new JcaDigestCalculatorProviderBuilder().build(),
                new CMSTypedStream(new java.io.ByteArrayInputStream(entity.getBytes(StandardCharsets.US_ASCII))),
                signature);
        parser.getSignedContent().drain();
        SignerInformation signer =
                parser.getSignerInfos().getSigners().iterator().next();
        X509CertificateHolder holder = new X509CertificateHolder(
                desk.ca().mail(certificate.publicKey(), "alice@example.org").getEncoded());
        assertThat(signer.verify(new JcaSimpleSignerInfoVerifierBuilder()
                        .setProvider(new BouncyCastleProvider())
                        .build(holder)))
                .isTrue();
        assertThat(parser.getCertificates().getMatches(null))
                .as("signer, issuing CA, where the signer's key cannot decrypt the one that can, and no root")
                .hasSize(certificate == TestKey.ED25519 ? 3 : 2);
        for (var attribute : java.util.List.of(
                CMSAttributes.contentType,
                CMSAttributes.messageDigest,
                CMSAttributes.signingTime,
                CMSAttributes.cmsAlgorithmProtect,
                PKCSObjectIdentifiers.pkcs_9_at_smimeCapabilities,
                PKCSObjectIdentifiers.id_aa_signingCertificateV2)) {
            assertThat(signer.getSignedAttributes().get(attribute))
                    .as(attribute.getId())
                    .isNotNull();
        }
    }
}
