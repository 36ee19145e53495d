package org.tokend.pkcs11.key;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.KeyFingerprint;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.TokenIdentity;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.object.ObjectSource;

/** The keys of a token as they were found in one generation, with their handles. Immutable. */
public final class KeyCatalog {
    private final List<KeyEntry> entries;
    private final Map<KeyFingerprint, List<KeyEntry>> byFingerprint = new HashMap<>();
    private final List<String> notes;
    private final boolean partial;
    private final Map<Long, KeyEntry> byHandle = new HashMap<>();
    private final Map<Long, KeyFingerprint> publicKeys;

    private KeyCatalog(
            List<KeyEntry> entries, List<String> notes, boolean partial, Map<Long, KeyFingerprint> publicKeys) {
        this.entries = List.copyOf(entries);
        this.notes = List.copyOf(notes);
        this.partial = partial;
        this.publicKeys = Map.copyOf(publicKeys);
        for (KeyEntry entry : entries) {
            byFingerprint
                    .computeIfAbsent(entry.descriptor().fingerprint(), key -> new ArrayList<>())
                    .add(entry);
            if (entry.object() != null) {
                byHandle.put(entry.object().handle(), entry);
            }
        }
    }

    /**
     * @param allVisible somebody is logged in, or nobody has to: private keys that exist can be seen
     * @throws CryptokiException when the token fails; a single bad object is only noted
     */
    public static KeyCatalog read(
            TokenIdentity token, ObjectSource source, boolean allVisible, AlgorithmChoice algorithms, KeyProbe probe)
            throws CryptokiException, TokenException {
        ObjectReader reader = new ObjectReader(source);
        List<PrivateKeyObject> privateKeys = reader.privateKeys();
        PublicObjects objects = new PublicObjects(reader.publicKeys(), reader.certificates());
        List<KeyEntry> entries = new KeyAssembly(token, objects, algorithms, probe).assemble(privateKeys, allVisible);
        Map<Long, KeyFingerprint> publicKeys = new HashMap<>();
        reader.keysByHandle().forEach((handle, key) -> publicKeys.put(handle, key.fingerprint()));
        return new KeyCatalog(entries, reader.notes(), reader.partial(), publicKeys);
    }

    /** One sentence for each object that was left out. */
    public List<String> notes() {
        return notes;
    }

    /** Whether an object was left out because the token failed over it, which it may not do again. */
    public boolean partial() {
        return partial;
    }

    public List<KeyDescriptor> descriptors() {
        return entries.stream().map(KeyEntry::descriptor).toList();
    }

    /** The entry for a key, by its public key; where the token holds it twice, the one with the same CKA_ID and label. */
    public Optional<KeyEntry> find(KeyDescriptor key) {
        List<KeyEntry> same = byFingerprint.getOrDefault(key.fingerprint(), List.of());
        return same.stream()
                .filter(entry -> entry.descriptor().equals(key))
                .findFirst()
                .or(() -> same.stream().findFirst());
    }

    /** The key whose private half, public half or certificate has this handle. */
    public Optional<KeyDescriptor> ofObject(long handle) {
        KeyEntry own = byHandle.get(handle);
        if (own != null) {
            return Optional.of(own.descriptor());
        }
        return Optional.ofNullable(publicKeys.get(handle))
                .map(key -> byFingerprint.getOrDefault(key, List.of()))
                .flatMap(same -> same.stream().findFirst())
                .map(KeyEntry::descriptor);
    }

    /** The same keys, one of them with a problem that came to light later. */
    public KeyCatalog withProblem(KeyDescriptor key, String problem) {
        List<KeyEntry> changed = entries.stream()
                .map(entry -> entry.descriptor().equals(key)
                        ? new KeyEntry(entry.descriptor().withProblem(problem), entry.object())
                        : entry)
                .toList();
        return new KeyCatalog(changed, notes, partial, publicKeys);
    }
}
