package org.tokend.client.jca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.UnrecoverableEntryException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.tokend.protocol.Sign;

class TokenKeyStoreTest {
    @RegisterExtension
    private final RegisteredProvider tokend = new RegisteredProvider();

    @Test
    @DisplayName("A label that one key has is its alias; where several have it the fingerprint tells them apart")
    void aliases() throws Exception {
        tokend.keys().add("mail", "P-256");
        tokend.keys().add("same", "P-256");
        tokend.keys().add("same", "P-256");
        tokend.keys().add("", "Ed25519");
        assertThat(Collections.list(tokend.store().aliases()))
                .hasSize(4)
                .contains("mail")
                .filteredOn(alias -> alias.matches("same sha256:[0-9a-f]{8}|sha256:[0-9a-f]{64}"))
                .hasSize(3);
    }

    @Test
    @DisplayName("A key is also found by its fingerprint, which no other key can take from it")
    void byFingerprint() throws Exception {
        tokend.keys().add("mail", "P-256");
        TokenPrivateKey key = (TokenPrivateKey) tokend.store().getKey("mail", null);
        assertThat(tokend.store().getKey(key.description().fingerprint(), null)).isEqualTo(key);
        assertThat(tokend.store().getKey("other", null)).isNull();
    }

    @Test
    @DisplayName("Of several certificates of a key the one that is valid is taken")
    void certificates() throws Exception {
        X509Certificate valid = tokend.keys().add("mail", "P-256", 3);
        assertThat(tokend.store().getCertificate("mail")).isEqualTo(valid);
        assertThat(tokend.store().getCertificateChain("mail")).containsExactly(valid);
        assertThat(tokend.store().getCertificateAlias(valid)).isEqualTo("mail");
    }

    @Test
    @DisplayName("The chain leads up to the issuers on the token, and to none that only has the right name")
    void chain() throws Exception {
        List<X509Certificate> chain = tokend.keys().addIssued("mail");
        assertThat(List.of(tokend.store().getCertificateChain("mail"))).isEqualTo(chain);
    }

    @Test
    @DisplayName("An entry works as any other private key entry")
    void entry() throws Exception {
        X509Certificate certificate = tokend.keys().add("mail", "RSA");
        KeyStore.Entry entry = tokend.store().getEntry("mail", new KeyStore.PasswordProtection("0000".toCharArray()));
        assertThat(entry).isInstanceOfSatisfying(KeyStore.PrivateKeyEntry.class, e -> {
            assertThat(e.getCertificate()).isEqualTo(certificate);
            assertThat(e.getPrivateKey()).isInstanceOf(RSAKey.class).isInstanceOf(TokenPrivateKey.class);
        });
    }

    @Test
    @DisplayName("A key without a certificate is usable, though no entry can be made of it")
    void noCertificate() throws Exception {
        tokend.keys().add("bare", "P-256", 0);
        assertThat(tokend.store().getKey("bare", null)).isNotNull();
        assertThat(tokend.store().getCertificateChain("bare")).isNull();
        assertThatThrownBy(() -> tokend.store().getEntry("bare", null)).isInstanceOf(UnrecoverableEntryException.class);
    }

    @Test
    @DisplayName("No password ever goes to the daemon, and loading uses no key")
    void noPassword() throws Exception {
        tokend.keys().add("mail", "RSA");
        tokend.store();
        assertThat(tokend.keys().uses()).isEmpty();
        assertThat(tokend.keys().server().calls().toString()).doesNotContain("1234");
    }

    @Test
    @DisplayName("The store cannot be written to or read from a file")
    void readOnly() throws Exception {
        X509Certificate certificate = tokend.keys().add("mail", "RSA");
        KeyStore store = tokend.store();
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
        tokend.keys().add("mail", "P-256");
        KeyStore store = KeyStore.getInstance("Tokend", new TokenProvider(Path.of("/nonexistent/tokend.sock")));
        store.load(new StoreParameter(tokend.keys().server().socket(), null, "Mail to Bob"));
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign((PrivateKey) store.getKey("mail", null));
        signature.sign();
        assertThat(tokend.keys().uses().get(0))
                .isInstanceOfSatisfying(
                        Sign.class, sign -> assertThat(sign.purpose()).isEqualTo("Mail to Bob"));
    }

    @Test
    @DisplayName("A key gives away its public half and nothing else")
    void opaque() throws Exception {
        for (String type : new String[] {"RSA", "P-256", "Ed25519"}) {
            tokend.keys().add(type, type);
            PrivateKey key = (PrivateKey) tokend.store().getKey(type, null);
            assertThat(key.getEncoded()).isNull();
            assertThat(key.getFormat()).isNull();
            assertThat(key.toString()).contains("sha256:");
            assertThatThrownBy(() -> new ObjectOutputStream(new ByteArrayOutputStream()).writeObject(key))
                    .isInstanceOf(NotSerializableException.class);
        }
    }
}
