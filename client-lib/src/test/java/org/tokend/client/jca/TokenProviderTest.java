package org.tokend.client.jca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.PrivateKey;
import java.security.Security;
import java.security.Signature;
import java.security.SignatureException;
import java.security.UnrecoverableEntryException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.IllegalBlockSizeException;
import javax.crypto.KeyAgreement;
import javax.crypto.NoSuchPaddingException;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokend.client.TokenClientException;
import org.tokend.protocol.Decrypt;
import org.tokend.protocol.ErrorCode;
import org.tokend.protocol.Reply;
import org.tokend.protocol.Sign;

class TokenProviderTest {
    private SoftwareKeys keys;
    private TokenProvider provider;

    @BeforeEach
    void start() throws IOException {
        keys = new SoftwareKeys();
        provider = new TokenProvider(keys.server().socket());
        Security.addProvider(provider);
    }

    @AfterEach
    void stop() throws IOException {
        Security.removeProvider(TokenProvider.NAME);
        keys.close();
    }

    private static KeyStore store() throws Exception {
        KeyStore store = KeyStore.getInstance("Tokend");
        store.load(null, "1234".toCharArray());
        return store;
    }

    private PrivateKey key(String type) throws Exception {
        keys.add("key", type);
        return (PrivateKey) store().getKey("key", null);
    }

    @Nested
    class Store {
        @Test
        @DisplayName("A label that one key has is its alias; where several have it the fingerprint tells them apart")
        void aliases() throws Exception {
            keys.add("mail", "P-256");
            keys.add("same", "P-256");
            keys.add("same", "P-256");
            keys.add("", "Ed25519");
            assertThat(Collections.list(store().aliases()))
                    .hasSize(4)
                    .contains("mail")
                    .filteredOn(alias -> alias.matches("same sha256:[0-9a-f]{8}|sha256:[0-9a-f]{64}"))
                    .hasSize(3);
        }

        @Test
        @DisplayName("A key is also found by its fingerprint, which no other key can take from it")
        void byFingerprint() throws Exception {
            keys.add("mail", "P-256");
            TokenPrivateKey key = (TokenPrivateKey) store().getKey("mail", null);
            assertThat(store().getKey(key.description().fingerprint(), null)).isEqualTo(key);
            assertThat(store().getKey("other", null)).isNull();
        }

        @Test
        @DisplayName("Of several certificates of a key the one that is valid is taken")
        void certificates() throws Exception {
            X509Certificate valid = keys.add("mail", "P-256", 3);
            assertThat(store().getCertificate("mail")).isEqualTo(valid);
            assertThat(store().getCertificateChain("mail")).containsExactly(valid);
            assertThat(store().getCertificateAlias(valid)).isEqualTo("mail");
        }

        @Test
        @DisplayName("An entry works as any other private key entry")
        void entry() throws Exception {
            X509Certificate certificate = keys.add("mail", "RSA");
            KeyStore.Entry entry = store().getEntry("mail", new KeyStore.PasswordProtection("0000".toCharArray()));
            assertThat(entry).isInstanceOfSatisfying(KeyStore.PrivateKeyEntry.class, e -> {
                assertThat(e.getCertificate()).isEqualTo(certificate);
                assertThat(e.getPrivateKey()).isInstanceOf(RSAKey.class).isInstanceOf(TokenPrivateKey.class);
            });
        }

        @Test
        @DisplayName("A key without a certificate is usable, though no entry can be made of it")
        void noCertificate() throws Exception {
            keys.add("bare", "P-256", 0);
            assertThat(store().getKey("bare", null)).isNotNull();
            assertThat(store().getCertificateChain("bare")).isNull();
            assertThatThrownBy(() -> store().getEntry("bare", null)).isInstanceOf(UnrecoverableEntryException.class);
        }

        @Test
        @DisplayName("No password ever goes to the daemon, and loading uses no key")
        void noPassword() throws Exception {
            keys.add("mail", "RSA");
            store();
            assertThat(keys.uses()).isEmpty();
            assertThat(keys.server().calls().toString()).doesNotContain("1234");
        }

        @Test
        @DisplayName("The store cannot be written to or read from a file")
        void readOnly() throws Exception {
            X509Certificate certificate = keys.add("mail", "RSA");
            KeyStore store = store();
            assertThatThrownBy(() -> store.deleteEntry("mail")).isInstanceOf(KeyStoreException.class);
            assertThatThrownBy(() -> store.setCertificateEntry("x", certificate)).isInstanceOf(KeyStoreException.class);
            assertThatThrownBy(() -> store.load(new ByteArrayInputStream(new byte[1]), null))
                    .isInstanceOf(IOException.class);
        }

        @Test
        @DisplayName("No daemon: load says so")
        void noDaemon() throws Exception {
            KeyStore store = KeyStore.getInstance("Tokend", new TokenProvider(Path.of("/nonexistent/tokend.sock")));
            assertThatThrownBy(() -> store.load(null, null))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("tokend is not running");
        }

        @Test
        @DisplayName("The purpose and the socket can be given at load")
        void parameter() throws Exception {
            keys.add("mail", "P-256");
            KeyStore store = KeyStore.getInstance("Tokend", new TokenProvider(Path.of("/nonexistent/tokend.sock")));
            store.load(new StoreParameter(keys.server().socket(), null, "Mail to Bob"));
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign((PrivateKey) store.getKey("mail", null));
            signature.sign();
            assertThat(keys.uses().get(0)).isInstanceOfSatisfying(Sign.class, sign -> assertThat(sign.purpose())
                    .isEqualTo("Mail to Bob"));
        }
    }

    @Nested
    class Keys {
        @Test
        @DisplayName("A key gives away its public half and nothing else")
        void opaque() throws Exception {
            for (String type : new String[] {"RSA", "P-256", "Ed25519"}) {
                keys.add(type, type);
                PrivateKey key = (PrivateKey) store().getKey(type, null);
                assertThat(key.getEncoded()).isNull();
                assertThat(key.getFormat()).isNull();
                assertThat(key.toString()).contains("sha256:");
                assertThatThrownBy(() -> new ObjectOutputStream(new ByteArrayOutputStream()).writeObject(key))
                        .isInstanceOf(NotSerializableException.class);
            }
        }
    }

    @Nested
    class Signatures {
        @ParameterizedTest
        @CsvSource({
            "RSA, SHA1withRSA", "RSA, SHA256withRSA", "RSA, SHA384withRSA", "RSA, SHA512withRSA",
            "RSA, 1.2.840.113549.1.1.11", "P-256, SHA256withECDSA", "P-256, SHA512withECDSA",
            "P-384, SHA384withECDSA", "P-521, SHA512withECDSA", "Ed25519, Ed25519", "Ed25519, EdDSA"
        })
        @DisplayName("Signature finds this provider by the key, and any other provider verifies")
        void sign(String type, String algorithm) throws Exception {
            X509Certificate certificate = keys.add("mine", type);
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign((PrivateKey) store().getKey("mine", null));
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
            X509Certificate certificate = keys.add("mine", "RSA");
            PSSParameterSpec spec = new PSSParameterSpec(hash, "MGF1", new MGF1ParameterSpec(hash), salt, 1);
            Signature signature = Signature.getInstance("RSASSA-PSS", provider);
            signature.initSign((PrivateKey) store().getKey("mine", null));
            signature.setParameter(spec);
            signature.update(new byte[100]);
            Signature verifier = Signature.getInstance("RSASSA-PSS");
            verifier.setParameter(spec);
            verifier.initVerify(certificate);
            verifier.update(new byte[100]);
            assertThat(verifier.verify(signature.sign())).isTrue();
            assertThat(signature.getParameters().getParameterSpec(PSSParameterSpec.class).getSaltLength())
                    .isEqualTo(salt);
        }

        @Test
        @DisplayName("RSASSA-PSS with other parameters, or none, is refused before anything is sent")
        void oddPss() throws Exception {
            Signature signature = Signature.getInstance("RSASSA-PSS", provider);
            signature.initSign(key("RSA"));
            assertThatThrownBy(() -> signature.update(new byte[1])).isInstanceOf(SignatureException.class);
            for (PSSParameterSpec odd : List.of(
                    new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 20, 1),
                    new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA1, 32, 1),
                    new PSSParameterSpec("SHA-1", "MGF1", MGF1ParameterSpec.SHA1, 20, 1))) {
                assertThatThrownBy(() -> signature.setParameter(odd))
                        .isInstanceOf(InvalidAlgorithmParameterException.class);
            }
            assertThat(keys.uses()).isEmpty();
        }

        @Test
        @DisplayName("A program that hashes itself signs with NONEwithECDSA and NONEwithRSA")
        void hashedByCaller() throws Exception {
            X509Certificate certificate = keys.add("mine", "P-256");
            byte[] hash = Hash.SHA256.digest().digest(new byte[] {1});
            Signature signature = Signature.getInstance("NONEwithECDSA");
            signature.initSign((PrivateKey) store().getKey("mine", null));
            signature.update(hash);
            Signature verifier = Signature.getInstance("SHA256withECDSA");
            verifier.initVerify(certificate);
            verifier.update((byte) 1);
            assertThat(verifier.verify(signature.sign())).isTrue();

            X509Certificate rsa = keys.add("rsa", "RSA");
            Signature raw = Signature.getInstance("NONEwithRSA", provider);
            raw.initSign((PrivateKey) store().getKey("rsa", null));
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
            signature.initSign(key("RSA"));
            keys.fail(new Reply.Failure(ErrorCode.PIN_LOCKED, "The card is locked"));
            assertThatThrownBy(signature::sign)
                    .isInstanceOf(SignatureException.class)
                    .hasMessage("The card is locked")
                    .cause()
                    .isInstanceOfSatisfying(TokenClientException.class, e -> assertThat(e.code())
                            .isEqualTo(ErrorCode.PIN_LOCKED));
        }

        @Test
        @DisplayName("A key of the wrong type is refused")
        void wrongType() throws Exception {
            PrivateKey rsa = key("RSA");
            Signature signature = Signature.getInstance("SHA256withECDSA", provider);
            assertThatThrownBy(() -> signature.initSign(rsa)).isInstanceOf(InvalidKeyException.class);
        }

        @Test
        @DisplayName("A daemon that was started anew is found again")
        void restart() throws Exception {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key("RSA"));
            signature.sign();
            keys.server().hangUp();
            assertThat(signature.sign()).hasSize(256);
        }
    }

    @Nested
    class Ciphers {
        private byte[] encrypt(X509Certificate certificate, byte[] plaintext, String transformation) throws Exception {
            Cipher cipher = Cipher.getInstance(transformation, "SunJCE");
            cipher.init(Cipher.ENCRYPT_MODE, certificate.getPublicKey());
            return cipher.doFinal(plaintext);
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 11, 16, 32, 245})
        @DisplayName("PKCS#1 v1.5 decrypts a plaintext whose length is given")
        void length(int length) throws Exception {
            X509Certificate certificate = keys.add("mine", "RSA");
            byte[] plaintext = new byte[length];
            plaintext[0] = 5;
            Cipher cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
            cipher.init(
                    Cipher.DECRYPT_MODE, (PrivateKey) store().getKey("mine", null), new PlaintextLength(length));
            assertThat(cipher.doFinal(encrypt(certificate, plaintext, "RSA/ECB/PKCS1Padding")))
                    .isEqualTo(plaintext);
        }

        @ParameterizedTest
        @CsvSource({"AES, 0", "DESede, 24", "2.16.840.1.101.3.4.1.46, 32", "2.16.840.1.101.3.4.1.6, 16", "Foo, 0"})
        @DisplayName("Unwrap asks for the length that the key's algorithm has, and leaves it open where it has several")
        void unwrap(String algorithm, int asked) throws Exception {
            X509Certificate certificate = keys.add("mine", "RSA");
            Cipher wrapper = Cipher.getInstance("RSA/ECB/PKCS1Padding", "SunJCE");
            wrapper.init(Cipher.WRAP_MODE, certificate.getPublicKey());
            SecretKeySpec wrapped = new SecretKeySpec(new byte[asked == 0 ? 24 : asked], "AES");
            Cipher cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
            cipher.init(Cipher.UNWRAP_MODE, (PrivateKey) store().getKey("mine", null));
            assertThat(cipher.unwrap(wrapper.wrap(wrapped), algorithm, Cipher.SECRET_KEY)
                            .getEncoded())
                    .isEqualTo(wrapped.getEncoded());
            assertThat(keys.uses().get(0)).isInstanceOfSatisfying(Decrypt.class, decrypt -> assertThat(decrypt.length())
                    .isEqualTo(asked));
        }

        @Test
        @DisplayName("A plaintext that is not as long as asked for is answered like a forged one: no error, no plaintext")
        void noOracle() throws Exception {
            X509Certificate certificate = keys.add("mine", "RSA");
            Cipher cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
            cipher.init(Cipher.DECRYPT_MODE, (PrivateKey) store().getKey("mine", null), new PlaintextLength(16));
            byte[] valid = encrypt(certificate, new byte[17], "RSA/ECB/PKCS1Padding");
            byte[] forged = valid.clone();
            forged[100] ^= 1;
            for (byte[] block : new byte[][] {valid, forged}) {
                assertThat(cipher.doFinal(block)).hasSize(16).isEqualTo(cipher.doFinal(block)).isNotEqualTo(new byte[16]);
            }
        }

        @Test
        @DisplayName("OAEP decrypts with explicit parameters, and refuses those that tokend does not have")
        void oaep() throws Exception {
            X509Certificate certificate = keys.add("mine", "RSA");
            PrivateKey key = (PrivateKey) store().getKey("mine", null);
            byte[] block = encrypt(certificate, new byte[] {1, 2}, "RSA/ECB/OAEPWithSHA-1AndMGF1Padding");
            Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPWithSHA-1AndMGF1Padding");
            cipher.init(Cipher.DECRYPT_MODE, key);
            assertThat(cipher.doFinal(block)).containsExactly(1, 2);

            Cipher ambiguous = Cipher.getInstance("RSA/ECB/OAEPWithSHA-256AndMGF1Padding", provider);
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
            PrivateKey key = key("RSA");
            Cipher cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding", provider);
            cipher.init(Cipher.DECRYPT_MODE, key);
            assertThatThrownBy(() -> cipher.doFinal(new byte[255])).isInstanceOf(IllegalBlockSizeException.class);
            assertThatThrownBy(() -> cipher.init(Cipher.ENCRYPT_MODE, key)).isInstanceOf(InvalidKeyException.class);
            assertThatThrownBy(() -> Cipher.getInstance("RSA/ECB/NoPadding", provider))
                    .isInstanceOf(NoSuchPaddingException.class);
            assertThat(keys.uses()).isEmpty();
        }
    }

    @Nested
    class Beside {
        @ParameterizedTest
        @ValueSource(booleans = {false, true})
        @DisplayName("What other providers did before they do still, even with this one put first")
        void others(boolean first) throws Exception {
            Security.removeProvider(TokenProvider.NAME);
            Security.insertProviderAt(provider, first ? 1 : Security.getProviders().length + 1);
            KeyPair rsa = SoftwareKeys.pair("RSA");
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(rsa.getPrivate());
            byte[] signed = signature.sign();
            signature.initVerify(rsa.getPublic());
            assertThat(signature.verify(signed)).isTrue();

            Cipher cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
            cipher.init(Cipher.ENCRYPT_MODE, rsa.getPublic());
            byte[] block = cipher.doFinal(new byte[3]);
            cipher.init(Cipher.DECRYPT_MODE, rsa.getPrivate());
            assertThat(cipher.doFinal(block)).hasSize(3);

            KeyPair ec = SoftwareKeys.pair("P-256");
            KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
            agreement.init(ec.getPrivate());
            agreement.doPhase(ec.getPublic(), true);
            assertThat(agreement.generateSecret()).hasSize(32);
            assertThat(keys.uses()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(booleans = {false, true})
        @DisplayName("Certificate paths are built and checked as before")
        void certificatePath(boolean first) throws Exception {
            X509Certificate certificate =
                    SoftwareKeys.certificate(SoftwareKeys.pair("P-256"), "root", Duration.ofDays(1));
            Security.removeProvider(TokenProvider.NAME);
            Security.insertProviderAt(provider, first ? 1 : Security.getProviders().length + 1);
            X509CertSelector target = new X509CertSelector();
            target.setCertificate(certificate);
            PKIXBuilderParameters parameters =
                    new PKIXBuilderParameters(Set.of(new TrustAnchor(certificate, null)), target);
            parameters.setRevocationEnabled(false);
            parameters.addCertStore(
                    CertStore.getInstance("Collection", new CollectionCertStoreParameters(List.of(certificate))));
            PKIXCertPathBuilderResult result = (PKIXCertPathBuilderResult)
                    CertPathBuilder.getInstance("PKIX").build(parameters);
            assertThat(result.getPublicKey()).isEqualTo(certificate.getPublicKey());
        }

        @Test
        @DisplayName("A raw ECDH secret is the same on both sides, and no key by itself")
        void rawAgreement() throws Exception {
            X509Certificate certificate = keys.add("mine", "P-256");
            KeyPair other = SoftwareKeys.pair("P-256");
            KeyAgreement mine = KeyAgreement.getInstance("ECDH");
            mine.init((PrivateKey) store().getKey("mine", null));
            mine.doPhase(other.getPublic(), true);
            KeyAgreement theirs = KeyAgreement.getInstance("ECDH");
            theirs.init(other.getPrivate());
            theirs.doPhase(certificate.getPublicKey(), true);
            assertThat(mine.generateSecret()).isEqualTo(theirs.generateSecret());

            KeyPair foreign = SoftwareKeys.pair("P-384");
            mine.init((PrivateKey) store().getKey("mine", null));
            assertThatThrownBy(() -> mine.doPhase(foreign.getPublic(), true)).isInstanceOf(InvalidKeyException.class);
        }
    }
}
