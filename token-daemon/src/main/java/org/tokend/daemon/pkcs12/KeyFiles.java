package org.tokend.daemon.pkcs12;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCSException;
import org.tokend.protocol.ErrorCode;

/** Reads and writes {@link KeyFile}s. */
public final class KeyFiles {
    /** Reads what the JDK does not: PBMAC1, and the old ciphers whatever the system's policy says. */
    private final BouncyCastleProvider bouncyCastle = new BouncyCastleProvider();

    /** @param pkcs12 PFX, DER */
    public KeyFile read(byte[] pkcs12, MemorySegment entered) throws KeyFileException {
        try (Passphrase passphrase = Passphrase.of(entered)) {
            KeyStore store = KeyStore.getInstance("PKCS12", bouncyCastle);
            store.load(new ByteArrayInputStream(pkcs12), passphrase.characters());
            List<String> keys = new ArrayList<>();
            for (String alias : Collections.list(store.aliases())) {
                if (store.isKeyEntry(alias)) {
                    keys.add(alias);
                }
            }
            if (keys.size() != 1) {
                throw new KeyFileException(
                        ErrorCode.INVALID_REQUEST,
                        "the PKCS#12 file has " + keys.size() + " private keys; one is wanted, so split it with"
                                + " openssl pkcs12 first");
            }
            return read(store, keys.getFirst(), passphrase);
        } catch (UnrecoverableKeyException e) {
            throw wrongPassphrase();
        } catch (IOException e) {
            throw isPfx(pkcs12)
                    ? wrongPassphrase()
                    : new KeyFileException(ErrorCode.INVALID_REQUEST, "the file is no PKCS#12 file");
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new KeyFileException(
                    ErrorCode.INVALID_REQUEST, "the PKCS#12 file cannot be read: it is damaged, or of an unknown kind");
        }
    }

    private static KeyFile read(KeyStore store, String alias, Passphrase passphrase)
            throws GeneralSecurityException, KeyFileException {
        Key key = store.getKey(alias, passphrase.characters());
        Certificate[] chain = store.getCertificateChain(alias);
        if (chain == null || chain.length == 0) {
            throw new KeyFileException(
                    ErrorCode.INVALID_REQUEST, "the PKCS#12 file has no certificate for its private key");
        }
        byte[] encoded = key.getEncoded();
        try {
            // In the JDK's own types, which tell the parts of every kind of key.
            PrivateKey own = KeyFactory.getInstance(algorithm(key.getAlgorithm()))
                    .generatePrivate(new PKCS8EncodedKeySpec(encoded));
            return new KeyFile(
                    own, Arrays.stream(chain).map(X509Certificate.class::cast).toList(), alias);
        } finally {
            Arrays.fill(encoded, (byte) 0);
        }
    }

    /** SEQUENCE, version 3: what begins like this is a PFX, and what is wrong with it is most likely the passphrase. */
    private static boolean isPfx(byte[] bytes) {
        if (bytes.length < 8 || bytes[0] != 0x30) {
            return false;
        }
        int length = bytes[1] & 0xff;
        int content = length < 0x80 ? 2 : 2 + (length & 0x7f);
        return content + 3 <= bytes.length && bytes[content] == 2 && bytes[content + 1] == 1 && bytes[content + 2] == 3;
    }

    private static KeyFileException wrongPassphrase() {
        return new KeyFileException(
                ErrorCode.PASSPHRASE_INCORRECT, "the passphrase does not open the PKCS#12 file; ask again");
    }

    private static String algorithm(String name) {
        return name.equals("ECDSA") ? "EC" : name;
    }

    /**
     * @param legacy three-key Triple DES and SHA-1, for programs of before 2020; else AES-256 and PBKDF2 with SHA-256
     * @return PFX, DER
     */
    public byte[] write(KeyFile file, boolean legacy, MemorySegment entered) throws KeyFileException {
        try (Passphrase passphrase = Passphrase.of(entered)) {
            return new KeyFileWriter(bouncyCastle, legacy, passphrase).write(file);
        } catch (GeneralSecurityException | IOException | OperatorCreationException | PKCSException e) {
            throw new KeyFileException(
                    ErrorCode.INTERNAL, "the key cannot be written as a PKCS#12 file: " + e.getMessage());
        }
    }
}
