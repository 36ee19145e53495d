package org.tokend.client.jca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.IllegalBlockSizeException;
import javax.crypto.NoSuchPaddingException;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokend.protocol.Decrypt;

class TokenCipherTest {
    @RegisterExtension
    private final RegisteredProvider tokend = new RegisteredProvider();

    private byte[] encrypt(X509Certificate certificate, byte[] plaintext, String transformation) throws Exception {
        Cipher cipher = Cipher.getInstance(transformation, "SunJCE");
        cipher.init(Cipher.ENCRYPT_MODE, certificate.getPublicKey());
        return cipher.doFinal(plaintext);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 11, 16, 32, 245})
    @DisplayName("PKCS#1 v1.5 decrypts a plaintext whose length is given")
    void length(int length) throws Exception {
        X509Certificate certificate = tokend.keys().add("mine", "RSA");
        byte[] plaintext = new byte[length];
        plaintext[0] = 5;
        Cipher cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
        cipher.init(Cipher.DECRYPT_MODE, (PrivateKey) tokend.store().getKey("mine", null), new PlaintextLength(length));
        assertThat(cipher.doFinal(encrypt(certificate, plaintext, "RSA/ECB/PKCS1Padding")))
                .isEqualTo(plaintext);
    }

    @ParameterizedTest
    @CsvSource({"AES, 0", "DESede, 24", "2.16.840.1.101.3.4.1.46, 32", "2.16.840.1.101.3.4.1.6, 16", "Foo, 0"})
    @DisplayName("Unwrap asks for the length that the key's algorithm has, and leaves it open where it has several")
    void unwrap(String algorithm, int asked) throws Exception {
        X509Certificate certificate = tokend.keys().add("mine", "RSA");
        Cipher wrapper = Cipher.getInstance("RSA/ECB/PKCS1Padding", "SunJCE");
        wrapper.init(Cipher.WRAP_MODE, certificate.getPublicKey());
        SecretKeySpec wrapped = new SecretKeySpec(new byte[asked == 0 ? 24 : asked], "AES");
        Cipher cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
        cipher.init(Cipher.UNWRAP_MODE, (PrivateKey) tokend.store().getKey("mine", null));
        assertThat(cipher.unwrap(wrapper.wrap(wrapped), algorithm, Cipher.SECRET_KEY)
                        .getEncoded())
                .isEqualTo(wrapped.getEncoded());
        assertThat(tokend.keys().uses().get(0))
                .isInstanceOfSatisfying(
                        Decrypt.class, decrypt -> assertThat(decrypt.length()).isEqualTo(asked));
    }

    @Test
    @DisplayName("A plaintext that is not as long as asked for is answered like a forged one: no error, no plaintext")
    void noOracle() throws Exception {
        X509Certificate certificate = tokend.keys().add("mine", "RSA");
        Cipher cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
        cipher.init(Cipher.DECRYPT_MODE, (PrivateKey) tokend.store().getKey("mine", null), new PlaintextLength(16));
        byte[] valid = encrypt(certificate, new byte[17], "RSA/ECB/PKCS1Padding");
        byte[] forged = valid.clone();
        forged[100] ^= 1;
        for (byte[] block : new byte[][] {valid, forged}) {
            assertThat(cipher.doFinal(block))
                    .hasSize(16)
                    .isEqualTo(cipher.doFinal(block))
                    .isNotEqualTo(new byte[16]);
        }
    }

    @Test
    @DisplayName("OAEP decrypts with explicit parameters, and refuses those that tokend does not have")
    void oaep() throws Exception {
        X509Certificate certificate = tokend.keys().add("mine", "RSA");
        PrivateKey key = (PrivateKey) tokend.store().getKey("mine", null);
        byte[] block = encrypt(certificate, new byte[] {1, 2}, "RSA/ECB/OAEPWithSHA-1AndMGF1Padding");
        Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPWithSHA-1AndMGF1Padding");
        cipher.init(Cipher.DECRYPT_MODE, key);
        assertThat(cipher.doFinal(block)).containsExactly(1, 2);

        Cipher ambiguous = Cipher.getInstance("RSA/ECB/OAEPWithSHA-256AndMGF1Padding", tokend.provider());
        assertThatThrownBy(() -> ambiguous.init(Cipher.DECRYPT_MODE, key))
                .isInstanceOf(InvalidKeyException.class)
                .hasMessageContaining("OAEPParameterSpec");
        OAEPParameterSpec same =
                new OAEPParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT);
        assertThatCode(() -> ambiguous.init(Cipher.DECRYPT_MODE, key, same)).doesNotThrowAnyException();
        for (OAEPParameterSpec odd : List.of(
                OAEPParameterSpec.DEFAULT,
                new OAEPParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA1, PSource.PSpecified.DEFAULT),
                new OAEPParameterSpec(
                        "SHA-256", "MGF1", MGF1ParameterSpec.SHA256, new PSource.PSpecified(new byte[1])))) {
            assertThatThrownBy(() -> ambiguous.init(Cipher.DECRYPT_MODE, key, odd))
                    .isInstanceOf(InvalidAlgorithmParameterException.class);
        }
    }

    @Test
    @DisplayName("A block of the wrong size, another padding and another direction are refused here")
    void refused() throws Exception {
        PrivateKey key = tokend.key("RSA");
        Cipher cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding", tokend.provider());
        cipher.init(Cipher.DECRYPT_MODE, key);
        assertThatThrownBy(() -> cipher.doFinal(new byte[255])).isInstanceOf(IllegalBlockSizeException.class);
        assertThatThrownBy(() -> cipher.init(Cipher.ENCRYPT_MODE, key)).isInstanceOf(InvalidKeyException.class);
        assertThatThrownBy(() -> Cipher.getInstance("RSA/ECB/NoPadding", tokend.provider()))
                .isInstanceOf(NoSuchPaddingException.class);
        assertThat(tokend.keys().uses()).isEmpty();
    }
}
