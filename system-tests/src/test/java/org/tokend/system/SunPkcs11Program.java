package org.tokend.system;

import java.io.FileInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Security;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;
import javax.crypto.Cipher;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * A Java program of somebody else's: it knows the JDK's provider for PKCS#11, is given that provider's configuration and a
 * root certificate, and knows nothing of tokend. It prints a line for each thing that worked.
 */
final class SunPkcs11Program {
    private final Provider provider;
    private final KeyStore store;
    private final Certificate root;

    private SunPkcs11Program(String configuration, String rootFile) throws Exception {
        this.provider = Security.getProvider("SunPKCS11").configure(configuration);
        Security.addProvider(provider);
        this.store = KeyStore.getInstance("PKCS11", provider);
        store.load(null, null);
        try (InputStream in = new FileInputStream(rootFile)) {
            this.root = CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    public static void main(String[] arguments) throws Exception {
        SunPkcs11Program program = new SunPkcs11Program(arguments[0], arguments[1]);
        for (String alias : Collections.list(program.store.aliases())) {
            System.out.println("alias " + alias);
        }
        program.sign("rsa-2048-a", "SHA256withRSA");
        program.sign("p256-a", "SHA256withECDSA");
        program.decrypt();
        program.handshake();
    }

    private PrivateKey key(String alias) throws Exception {
        return (PrivateKey) store.getKey(alias, null);
    }

    private void sign(String alias, String algorithm) throws Exception {
        byte[] letter = "Dear Bob".getBytes(StandardCharsets.UTF_8);
        Signature signer = Signature.getInstance(algorithm, provider);
        signer.initSign(key(alias));
        signer.update(letter);
        byte[] signature = signer.sign();
        Signature verifier = Signature.getInstance(algorithm, algorithm.endsWith("ECDSA") ? "SunEC" : "SunRsaSign");
        verifier.initVerify(store.getCertificate(alias));
        verifier.update(letter);
        System.out.println(algorithm + " " + verifier.verify(signature));
    }

    private void decrypt() throws Exception {
        Cipher encryption = Cipher.getInstance("RSA/ECB/PKCS1Padding", "SunJCE");
        encryption.init(Cipher.ENCRYPT_MODE, store.getCertificate("rsa-2048-a").getPublicKey());
        Cipher decryption = Cipher.getInstance("RSA/ECB/PKCS1Padding", provider);
        decryption.init(Cipher.DECRYPT_MODE, key("rsa-2048-a"));
        byte[] plain = decryption.doFinal(encryption.doFinal("Dear Bob".getBytes(StandardCharsets.UTF_8)));
        System.out.println("decrypted " + new String(plain, StandardCharsets.UTF_8));
    }

    /** Both ends prove that they have a key on the token. */
    private void handshake() throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store, null);
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry("root", root);
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        try (SSLServerSocket server =
                (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0)) {
            server.setNeedClientAuth(true);
            CompletableFuture<String> said = CompletableFuture.supplyAsync(() -> serve(server));
            try (SSLSocket client =
                    (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", server.getLocalPort())) {
                client.getOutputStream().write("Dear Bob\n".getBytes(StandardCharsets.UTF_8));
                client.getOutputStream().flush();
                System.out.println(client.getSession().getProtocol() + " heard " + said.get());
            }
        }
    }

    private static String serve(SSLServerSocket server) {
        try (SSLSocket accepted = (SSLSocket) server.accept()) {
            String line = new String(accepted.getInputStream().readNBytes(8), StandardCharsets.UTF_8);
            return line + " from " + accepted.getSession().getPeerPrincipal();
        } catch (java.io.IOException e) {
            return e.toString();
        }
    }
}
