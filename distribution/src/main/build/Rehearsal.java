import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Security;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.crypto.Cipher;
import org.tokend.client.jca.TokenProvider;

/**
 * Uses a running tokend as programs will, in both of its languages, so that the class cache made of this run has the classes that
 * serve them, and which of their methods are worth compiling.
 *
 * <pre>java Rehearsal.java [CONFIGURATION OF SUNPKCS11]</pre>
 */
public final class Rehearsal {
    private static final int ROUNDS = 400;
    private static final byte[] DATA = new byte[64];

    private final Provider provider;
    private final KeyStore store;

    private Rehearsal(Provider provider, String type) throws Exception {
        this.provider = provider;
        this.store = KeyStore.getInstance(type, provider);
        store.load(null, null);
    }

    public static void main(String... arguments) throws Exception {
        List<Rehearsal> rehearsals = new ArrayList<>();
        rehearsals.add(new Rehearsal(new TokenProvider(), TokenProvider.NAME));
        if (arguments.length > 0) {
            rehearsals.add(new Rehearsal(Security.getProvider("SunPKCS11").configure(arguments[0]), "PKCS11"));
        }
        for (Rehearsal rehearsal : rehearsals) {
            rehearsal.signAndDecrypt();
        }
    }

    private void signAndDecrypt() throws Exception {
        for (String alias : Collections.list(store.aliases())) {
            Key key = store.getKey(alias, null);
            if (key == null) {
                continue;
            }
            boolean rsa = key.getAlgorithm().equals("RSA");
            for (int i = 0; i < ROUNDS; i++) {
                Signature signature = Signature.getInstance(rsa ? "SHA256withRSA" : "SHA256withECDSA", provider);
                signature.initSign((PrivateKey) key);
                signature.update(DATA);
                signature.sign();
            }
            if (rsa) {
                decrypt(alias, key);
            }
        }
    }

    private void decrypt(String alias, Key key) throws Exception {
        Cipher encryption = Cipher.getInstance("RSA/ECB/PKCS1Padding", "SunJCE");
        encryption.init(Cipher.ENCRYPT_MODE, store.getCertificate(alias).getPublicKey());
        byte[] ciphertext = encryption.doFinal(DATA);
        for (int i = 0; i < ROUNDS / 10; i++) {
            Cipher decryption = Cipher.getInstance("RSA/ECB/PKCS1Padding", provider);
            decryption.init(Cipher.DECRYPT_MODE, key);
            decryption.doFinal(ciphertext);
        }
    }
}
