package org.tokend.daemon.dispatch;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.tokend.daemon.pkcs12.KeyFile;
import org.tokend.daemon.pkcs12.KeyFileException;
import org.tokend.daemon.pkcs12.KeyFiles;
import org.tokend.daemon.unlock.UnlockException;
import org.tokend.daemon.unlock.UnlockService;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.KeyType;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.provision.Certificates;
import org.tokend.pkcs11.provision.KeyExtraction;
import org.tokend.pkcs11.provision.KeyPairs;
import org.tokend.pkcs11.token.Token;
import org.tokend.protocol.DeleteKey;
import org.tokend.protocol.ExportKey;
import org.tokend.protocol.ImportKey;

/** Keys between a token and a PKCS#12 file, whose passphrase only the person and this process know. */
final class KeyTransfer {
    private final UnlockService unlock;
    private final KeyFiles files = new KeyFiles();

    KeyTransfer(UnlockService unlock) {
        this.unlock = unlock;
    }

    KeyDescriptor store(ProvisionRequests.Change change, ImportKey request)
            throws TokenException, UnlockException, KeyFileException {
        Token token = change.token();
        KeyFile file = opened(change, request.pkcs12());
        KeyDescriptor stored = new KeyPairs(token)
                .store(
                        file.key(),
                        file.publicKey(),
                        request.label().isEmpty() ? file.name() : request.label(),
                        request.extractable());
        List<byte[]> certificates = new ArrayList<>();
        for (X509Certificate certificate : file.chain()) {
            certificates.add(encoded(certificate));
        }
        return new Certificates(token)
                .store(certificates).stream()
                        .filter(key -> key.fingerprint().equals(stored.fingerprint()))
                        .findFirst()
                        .orElse(stored);
    }

    byte[] export(ProvisionRequests.Change change, ExportKey request)
            throws TokenException, UnlockException, KeyFileException {
        KeyDescriptor key = Objects.requireNonNull(change.key());
        if (key.certificates().isEmpty()) {
            throw new TokenException.InvalidInput("The key " + key.uri()
                    + " has no certificate, and a PKCS#12 file is of no use without one; import one first with"
                    + " tokenctl certs import.");
        }
        PrivateKey copy = new KeyExtraction(change.token()).extract(key);
        KeyFile file = new KeyFile(copy, chain(key), key.label());
        return unlock.withPassphrase(
                change.token(),
                change.reason(),
                true,
                change.events(),
                passphrase -> files.write(file, request.legacy(), passphrase.segment()));
    }

    void delete(ProvisionRequests.Change change, DeleteKey request)
            throws TokenException, UnlockException, KeyFileException {
        KeyDescriptor key = Objects.requireNonNull(change.key());
        byte[] copy = request.pkcs12();
        if (copy != null && !isCopy(opened(change, copy), key)) {
            throw new TokenException.KeyMismatch("The PKCS#12 file holds another key than " + key.uri()
                    + ", so nothing was destroyed; export that key again.");
        }
        new KeyPairs(change.token()).delete(key);
    }

    private KeyFile opened(ProvisionRequests.Change change, byte[] pkcs12) throws UnlockException, KeyFileException {
        return unlock.withPassphrase(
                change.token(),
                change.reason(),
                false,
                change.events(),
                passphrase -> files.read(pkcs12, passphrase.segment()));
    }

    /** Signs with the copy and verifies with the public key on the token. */
    private static boolean isCopy(KeyFile file, KeyDescriptor key) throws TokenException {
        byte[] challenge = new byte[32];
        new SecureRandom().nextBytes(challenge);
        String algorithm = key.type() == KeyType.RSA
                ? "SHA256withRSA"
                : key.type() == KeyType.ED25519 ? "Ed25519" : "SHA256withECDSA";
        try {
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(file.key());
            signer.update(challenge);
            byte[] signature = signer.sign();
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(certificate(key.certificates().getFirst()));
            verifier.update(challenge);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static List<X509Certificate> chain(KeyDescriptor key) throws TokenException {
        List<X509Certificate> chain = new ArrayList<>();
        chain.add(certificate(key.certificates().getFirst()));
        for (byte[] issuer : key.issuers()) {
            chain.add(certificate(issuer));
        }
        return chain;
    }

    private static X509Certificate certificate(byte[] der) throws TokenException {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException e) {
            throw new TokenException.InvalidInput("A certificate on the token cannot be read.");
        }
    }

    private static byte[] encoded(X509Certificate certificate) throws TokenException {
        try {
            return certificate.getEncoded();
        } catch (CertificateException e) {
            throw new TokenException.InvalidInput("A certificate in the PKCS#12 file cannot be read.");
        }
    }
}
