package org.tokend.pkcs11.key;

import java.util.List;
import java.util.Optional;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.TokenIdentity;
import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/**
 * The keys of a token as they were found in one generation, with their handles.
 *
 * @param notes one sentence for each object that was left out
 * @param partial an object was left out because the token failed over it, which it may not do again
 */
public record KeyCatalog(List<KeyEntry> entries, List<String> notes, boolean partial) {

    /**
     * @param allVisible somebody is logged in, or nobody has to: private keys that exist can be seen
     * @throws CryptokiException when the token fails; a single bad object is only noted
     */
    public static KeyCatalog read(
            TokenIdentity token,
            Cryptoki cryptoki,
            long session,
            boolean allVisible,
            AlgorithmChoice algorithms,
            KeyProbe probe)
            throws CryptokiException, TokenException {
        ObjectReader reader = new ObjectReader(cryptoki, session);
        List<PrivateKeyObject> privateKeys = reader.privateKeys();
        List<PublicObject> publicKeys = reader.publicKeys();
        List<PublicObject> certificates = reader.certificates();
        List<KeyEntry> entries =
                new KeyAssembly(token, publicKeys, certificates, algorithms, probe).assemble(privateKeys, allVisible);
        return new KeyCatalog(List.copyOf(entries), List.copyOf(reader.notes()), reader.partial());
    }

    public List<KeyDescriptor> descriptors() {
        return entries.stream().map(KeyEntry::descriptor).toList();
    }

    /** The entry for a key, by its public key; where the token holds it twice, the one with the same CKA_ID and label. */
    public Optional<KeyEntry> find(KeyDescriptor key) {
        List<KeyEntry> same = entries.stream()
                .filter(entry -> entry.descriptor().fingerprint().equals(key.fingerprint()))
                .toList();
        return same.stream()
                .filter(entry -> entry.descriptor().equals(key))
                .findFirst()
                .or(() -> same.stream().findFirst());
    }

    /** The same keys, one of them with a problem that came to light later. */
    public KeyCatalog withProblem(KeyDescriptor key, String problem) {
        List<KeyEntry> changed = entries.stream()
                .map(entry -> entry.descriptor().equals(key)
                        ? new KeyEntry(entry.descriptor().withProblem(problem), entry.object())
                        : entry)
                .toList();
        return new KeyCatalog(changed, notes, partial);
    }
}
