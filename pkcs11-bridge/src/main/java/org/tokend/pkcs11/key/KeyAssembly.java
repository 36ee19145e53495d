package org.tokend.pkcs11.key;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.KeyFingerprint;
import org.tokend.pkcs11.KeyType;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.TokenIdentity;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/**
 * Puts private keys, public keys and certificates together, by public key. CKA_ID only proposes; labels do not count at all.
 * Used once.
 */
final class KeyAssembly {
    private final TokenIdentity token;
    private final PublicObjects objects;
    private final AlgorithmChoice algorithms;
    private final KeyProbe probe;
    private final KeyProblems problems;

    private final List<KeyEntry> entries = new ArrayList<>();

    /** Keys of certificates that stand beside a private key of another, with what is to be said about them. */
    private final Map<PublicKeyInfo, String> strays = new LinkedHashMap<>();

    /** CKA_IDs, in hex, of private keys without a public half. */
    private final Set<String> unresolved = new HashSet<>();

    KeyAssembly(TokenIdentity token, PublicObjects objects, AlgorithmChoice algorithms, KeyProbe probe) {
        this.token = token;
        this.objects = objects;
        this.algorithms = algorithms;
        this.probe = probe;
        this.problems = new KeyProblems(token);
    }

    /** @param allVisible private keys that exist have been seen, so that a public key without one is no key of the token */
    List<KeyEntry> assemble(List<PrivateKeyObject> privateKeys, boolean allVisible)
            throws TokenException, CryptokiException {
        Map<PrivateKeyObject, Optional<PublicKeyInfo>> halves = publicHalves(privateKeys);
        Map<String, Set<PublicKeyInfo>> neighbours = new HashMap<>();
        Set<PublicKeyInfo> listed = new LinkedHashSet<>();
        halves.forEach((object, half) -> half.ifPresent(key -> {
            listed.add(key);
            neighbours.computeIfAbsent(hex(object.id()), id -> new HashSet<>()).add(key);
        }));
        halves.forEach((object, half) ->
                entries.add(half.map(key -> seen(object, key, neighbours.getOrDefault(hex(object.id()), Set.of())))
                        .orElseGet(() -> unknown(object))));
        if (!allVisible) {
            publicOnly(listed);
        }
        strays.forEach((key, problem) -> {
            if (listed.add(key)) {
                entries.add(unseen(key, problem));
            }
        });
        return entries;
    }

    private Map<PrivateKeyObject, Optional<PublicKeyInfo>> publicHalves(List<PrivateKeyObject> privateKeys)
            throws TokenException, CryptokiException {
        Map<PrivateKeyObject, Set<PublicKeyInfo>> candidates = new LinkedHashMap<>();
        Map<PublicKeyInfo, Integer> claims = new HashMap<>();
        for (PrivateKeyObject privateKey : privateKeys) {
            Set<PublicKeyInfo> possible = objects.candidates(privateKey);
            candidates.put(privateKey, possible);
            possible.forEach(key -> claims.merge(key, 1, Integer::sum));
        }
        Map<PrivateKeyObject, Optional<PublicKeyInfo>> halves = new LinkedHashMap<>();
        for (var entry : candidates.entrySet()) {
            halves.put(entry.getKey(), publicHalf(entry.getKey(), List.copyOf(entry.getValue()), claims));
        }
        return halves;
    }

    private Optional<PublicKeyInfo> publicHalf(
            PrivateKeyObject privateKey, List<PublicKeyInfo> candidates, Map<PublicKeyInfo, Integer> claims)
            throws TokenException, CryptokiException {
        if (privateKey.own() != null || candidates.isEmpty()) {
            return Optional.ofNullable(privateKey.own());
        }
        // A certificate may stand under the CKA_ID of its own key and under that of a foreign one.
        boolean contested = candidates.stream().anyMatch(key -> claims.getOrDefault(key, 0) > 1);
        return candidates.size() == 1 && !contested
                ? Optional.of(candidates.getFirst())
                : probe.find(privateKey, candidates);
    }

    private KeyEntry seen(PrivateKeyObject object, PublicKeyInfo key, Set<PublicKeyInfo> neighbours) {
        KeyDescriptor descriptor = descriptor(
                key,
                object.id(),
                object.label(),
                object.usage(),
                object,
                foreignCertificate(object.id(), key, neighbours));
        return new KeyEntry(descriptor, object);
    }

    /**
     * Whether a key that has no certificate stands beside one of a key that has no private key under this CKA_ID.
     *
     * @param neighbours keys that are known to be under this CKA_ID
     */
    private @Nullable String foreignCertificate(byte[] id, PublicKeyInfo key, Set<PublicKeyInfo> neighbours) {
        if (id.length == 0 || objects.of(key).stream().anyMatch(PublicObject::isCertificate)) {
            return null;
        }
        for (PublicObject other : objects.under(id)) {
            if (other.isCertificate() && !neighbours.contains(other.key())) {
                String problem = problems.foreignCertificate(id, other.key(), key);
                strays.putIfAbsent(other.key(), problem);
                return problem;
            }
        }
        return null;
    }

    private KeyEntry unknown(PrivateKeyObject object) {
        Set<PublicKeyInfo> others = object.id().length > 0 ? objects.keysUnder(object.id()) : Set.of();
        String problem = others.isEmpty() ? problems.noPublicHalf(object) : problems.nothingFits(object, others);
        if (unresolved.add(hex(object.id()))) {
            others.forEach(other -> strays.putIfAbsent(other, problem));
        }
        KeyDescriptor descriptor = new KeyDescriptor(
                token,
                placeholder(object),
                object.type() == null ? KeyType.P256 : object.type(),
                object.modulus() == null ? 0 : object.modulus().bitLength(),
                object.id(),
                object.label(),
                new byte[0],
                List.of(),
                List.of(),
                Set.of(),
                object.alwaysAuthenticate(),
                true,
                problem);
        return new KeyEntry(descriptor, object);
    }

    /** Cannot be the hash of a SubjectPublicKeyInfo, which begins with 0x30. */
    private static KeyFingerprint placeholder(PrivateKeyObject object) {
        String name = "tokend/unknown-public-key\0" + hex(object.id()) + "\0" + object.label();
        return KeyFingerprint.of(name.getBytes(StandardCharsets.UTF_8));
    }

    /** Before the login most tokens show no private keys: what can be seen stands for them. */
    private void publicOnly(Set<PublicKeyInfo> listed) {
        Map<String, Set<PublicKeyInfo>> neighbours = new HashMap<>();
        for (PublicKeyInfo key : objects.keys()) {
            PublicObject first = objects.of(key).getFirst();
            if (first.isCertificate() || listed.contains(key)) {
                continue;
            }
            Set<PublicKeyInfo> beside = neighbours.computeIfAbsent(
                    hex(first.id()),
                    id -> objects.under(first.id()).stream()
                            .filter(object -> !object.isCertificate())
                            .map(PublicObject::key)
                            .collect(Collectors.toSet()));
            entries.add(unseen(key, foreignCertificate(first.id(), key, beside)));
            listed.add(key);
        }
        Set<PublicKeyInfo> issuers = objects.onlyIssuers();
        for (PublicKeyInfo key : objects.keys()) {
            if (!strays.containsKey(key) && !issuers.contains(key) && listed.add(key)) {
                entries.add(unseen(key, null));
            }
        }
    }

    private KeyEntry unseen(PublicKeyInfo key, @Nullable String problem) {
        PublicObject object = objects.of(key).getFirst();
        return new KeyEntry(descriptor(key, object.id(), object.label(), KeyUsage.ANY, null, problem), null);
    }

    private KeyDescriptor descriptor(
            PublicKeyInfo key,
            byte[] id,
            String label,
            KeyUsage usage,
            @Nullable PrivateKeyObject object,
            @Nullable String problem) {
        return new KeyDescriptor(
                token,
                key.fingerprint(),
                key.type(),
                key.bits(),
                id,
                label,
                key.der(),
                objects.certificatesOf(key),
                objects.issuersOf(key),
                algorithms.algorithms(key.type(), usage),
                object != null && object.alwaysAuthenticate(),
                object != null,
                problem);
    }

    private static String hex(byte[] id) {
        return HexFormat.of().formatHex(id);
    }
}
