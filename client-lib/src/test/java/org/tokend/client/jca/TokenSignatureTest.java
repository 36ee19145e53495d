package org.tokend.client.jca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.X509Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tokend.client.TokenClientException;
import org.tokend.protocol.ErrorCode;
import org.tokend.protocol.Reply;

class TokenSignatureTest {
    @RegisterExtension
    private final RegisteredProvider tokend = new RegisteredProvider();

    @ParameterizedTest
    @CsvSource({
        "RSA, SHA1withRSA",
        "RSA, SHA256withRSA",
        "RSA, SHA384withRSA",
        "RSA, SHA512withRSA",
        "RSA, 1.2.840.113549.1.1.11",
        "P-256, SHA256withECDSA",
        "P-256, SHA512withECDSA",
        "P-384, SHA384withECDSA",
        "P-521, SHA512withECDSA",
        "Ed25519, Ed25519",
        "Ed25519, EdDSA"
    })
    @DisplayName("Signature finds this provider by the key, and any other provider verifies")
    void sign(String type, String algorithm) throws Exception {
        X509Certificate certificate = tokend.keys().add("mine", type);
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign((PrivateKey) tokend.store().getKey("mine", null));
        assertThat(signature.getProvider().getName()).isEqualTo("Tokend");
        for (String message : new String[] {"first", "second"}) {
            signature.update(message.getBytes("UTF-8"));
            byte[] bytes = signature.sign();
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(certificate);
            verifier.update(message.getBytes("UTF-8"));
            assertThat(verifier.verify(bytes)).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"SHA-256, 32", "SHA-384, 48", "SHA-512, 64"})
    @DisplayName("RSASSA-PSS signs with the parameters of RFC 4056")
    void pss(String hash, int salt) throws Exception {
        X509Certificate certificate = tokend.keys().add("mine", "RSA");
        PSSParameterSpec spec = new PSSParameterSpec(hash, "MGF1", new MGF1ParameterSpec(hash), salt, 1);
        Signature signature = Signature.getInstance("RSASSA-PSS", tokend.provider());
        signature.initSign((PrivateKey) tokend.store().getKey("mine", null));
        signature.setParameter(spec);
        signature.update(new byte[100]);
        Signature verifier = Signature.getInstance("RSASSA-PSS");
        verifier.setParameter(spec);
        verifier.initVerify(certificate);
        verifier.update(new byte[100]);
        assertThat(verifier.verify(signature.sign())).isTrue();
        assertThat(signature
                        .getParameters()
                        .getParameterSpec(PSSParameterSpec.class)
                        .getSaltLength())
                .isEqualTo(salt);
    }

    @Test
    @DisplayName("RSASSA-PSS with other parameters, or none, is refused before anything is sent")
    void oddPss() throws Exception {
        Signature signature = Signature.getInstance("RSASSA-PSS", tokend.provider());
        signature.initSign(tokend.key("RSA"));
        assertThatThrownBy(() -> signature.update(new byte[1])).isInstanceOf(SignatureException.class);
        for (PSSParameterSpec odd : List.of(
                new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 20, 1),
                new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA1, 32, 1),
                new PSSParameterSpec("SHA-1", "MGF1", MGF1ParameterSpec.SHA1, 20, 1))) {
            assertThatThrownBy(() -> signature.setParameter(odd))
                    .isInstanceOf(InvalidAlgorithmParameterException.class);
        }
        assertThat(tokend.keys().uses()).isEmpty();
    }

    @Test
    @DisplayName("A program that hashes itself signs with NONEwithECDSA and NONEwithRSA")
    void hashedByCaller() throws Exception {
        X509Certificate certificate = tokend.keys().add("mine", "P-256");
        byte[] hash = Hash.SHA256.digest().digest(new byte[] {1});
        Signature signature = Signature.getInstance("NONEwithECDSA");
        signature.initSign((PrivateKey) tokend.store().getKey("mine", null));
        signature.update(hash);
        Signature verifier = Signature.getInstance("SHA256withECDSA");
        verifier.initVerify(certificate);
        verifier.update((byte) 1);
        assertThat(verifier.verify(signature.sign())).isTrue();

        X509Certificate rsa = tokend.keys().add("rsa", "RSA");
        Signature raw = Signature.getInstance("NONEwithRSA", tokend.provider());
        raw.initSign((PrivateKey) tokend.store().getKey("rsa", null));
        raw.update(Hash.SHA256.digestInfoPrefix);
        raw.update(hash);
        Signature rsaVerifier = Signature.getInstance("SHA256withRSA");
        rsaVerifier.initVerify(rsa);
        rsaVerifier.update((byte) 1);
        assertThat(rsaVerifier.verify(raw.sign())).isTrue();
        raw.update(hash);
        assertThatThrownBy(raw::sign).isInstanceOf(SignatureException.class).hasMessageContaining("DigestInfo");
    }

    @Test
    @DisplayName("What the daemon says comes out of sign()")
    void failure() throws Exception {
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(tokend.key("RSA"));
        tokend.keys().fail(new Reply.Failure(ErrorCode.PIN_LOCKED, "The card is locked"));
        assertThatThrownBy(signature::sign)
                .isInstanceOf(SignatureException.class)
                .hasMessage("The card is locked")
                .cause()
                .isInstanceOfSatisfying(
                        TokenClientException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PIN_LOCKED));
    }

    @Test
    @DisplayName("A key of the wrong type is refused")
    void wrongType() throws Exception {
        PrivateKey rsa = tokend.key("RSA");
        Signature signature = Signature.getInstance("SHA256withECDSA", tokend.provider());
        assertThatThrownBy(() -> signature.initSign(rsa)).isInstanceOf(InvalidKeyException.class);
    }

    @Test
    @DisplayName("A daemon that was started anew is found again")
    void restart() throws Exception {
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(tokend.key("RSA"));
        signature.sign();
        tokend.keys().server().hangUp();
        assertThat(signature.sign()).hasSize(256);
    }
}
