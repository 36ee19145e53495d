package org.tokend.client.jca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.InvalidKeyException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.Security;
import java.security.Signature;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenProviderTest {
    @RegisterExtension
    private final RegisteredProvider tokend = new RegisteredProvider();

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("What other providers did before they do still, even with this one put first")
    void others(boolean first) throws Exception {
        Security.removeProvider(TokenProvider.NAME);
        Security.insertProviderAt(tokend.provider(), first ? 1 : Security.getProviders().length + 1);
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
        assertThat(tokend.keys().uses()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("Certificate paths are built and checked as before")
    void certificatePath(boolean first) throws Exception {
        X509Certificate certificate = SoftwareKeys.certificate(SoftwareKeys.pair("P-256"), "root", Duration.ofDays(1));
        Security.removeProvider(TokenProvider.NAME);
        Security.insertProviderAt(tokend.provider(), first ? 1 : Security.getProviders().length + 1);
        X509CertSelector target = new X509CertSelector();
        target.setCertificate(certificate);
        PKIXBuilderParameters parameters =
                new PKIXBuilderParameters(Set.of(new TrustAnchor(certificate, null)), target);
        parameters.setRevocationEnabled(false);
        parameters.addCertStore(
                CertStore.getInstance("Collection", new CollectionCertStoreParameters(List.of(certificate))));
        PKIXCertPathBuilderResult result =
                (PKIXCertPathBuilderResult) CertPathBuilder.getInstance("PKIX").build(parameters);
        assertThat(result.getPublicKey()).isEqualTo(certificate.getPublicKey());
    }

    @Test
    @DisplayName("A raw ECDH secret is the same on both sides, and no key by itself")
    void rawAgreement() throws Exception {
        X509Certificate certificate = tokend.keys().add("mine", "P-256");
        KeyPair other = SoftwareKeys.pair("P-256");
        KeyAgreement mine = KeyAgreement.getInstance("ECDH");
        mine.init((PrivateKey) tokend.store().getKey("mine", null));
        mine.doPhase(other.getPublic(), true);
        KeyAgreement theirs = KeyAgreement.getInstance("ECDH");
        theirs.init(other.getPrivate());
        theirs.doPhase(certificate.getPublicKey(), true);
        assertThat(mine.generateSecret()).isEqualTo(theirs.generateSecret());

        KeyPair foreign = SoftwareKeys.pair("P-384");
        mine.init((PrivateKey) tokend.store().getKey("mine", null));
        assertThatThrownBy(() -> mine.doPhase(foreign.getPublic(), true)).isInstanceOf(InvalidKeyException.class);
    }
}
