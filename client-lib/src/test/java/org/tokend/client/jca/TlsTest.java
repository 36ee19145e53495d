package org.tokend.client.jca;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** JSSE knows nothing of this provider either. */
@Timeout(60)
class TlsTest {
    @RegisterExtension
    private final RegisteredProvider tokend = new RegisteredProvider();

    @ParameterizedTest
    @CsvSource({"RSA, TLSv1.3", "RSA, TLSv1.2", "P-256, TLSv1.3", "P-256, TLSv1.2", "P-384, TLSv1.3"})
    @DisplayName("A TLS server proves itself with a token key")
    void server(String type, String version) throws Exception {
        X509Certificate certificate = tokend.keys().add("server", type);
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(tokend.store(), null);
        SSLContext serving = SSLContext.getInstance(version);
        serving.init(keys.getKeyManagers(), null, null);

        try (SSLServerSocket listener = (SSLServerSocket)
                        serving.getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress());
                SSLSocket client = (SSLSocket) trusting(certificate, version)
                        .getSocketFactory()
                        .createSocket(InetAddress.getLoopbackAddress(), listener.getLocalPort())) {
            client.setEnabledProtocols(new String[] {version});
            CompletableFuture<Void> server = CompletableFuture.runAsync(() -> greet(listener));
            assertThat(client.getInputStream().read()).isEqualTo('!');
            server.get(30, TimeUnit.SECONDS);
            assertThat(client.getSession().getProtocol()).isEqualTo(version);
        }
        assertThat(tokend.keys().uses()).hasSize(1);
    }

    private static void greet(SSLServerSocket listener) {
        try (SSLSocket peer = (SSLSocket) listener.accept()) {
            peer.getOutputStream().write('!');
            peer.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SSLContext trusting(X509Certificate certificate, String version) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", certificate);
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance(version);
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
