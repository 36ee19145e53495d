package org.tokend.pkcs11.key;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.KeyAlgorithm;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.KeyFingerprint;
import org.tokend.pkcs11.KeyType;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.TokenIdentity;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/**
 * Puts private keys, public keys and certificates together, by public key. CKA_ID only proposes; labels do not count at all.
 */
final class KeyAssembly {
    private final TokenIdentity token;
    private final List<PublicObject> publicKeys;
    private final List<PublicObject> certificates;
    private final AlgorithmChoice algorithms;
    private final KeyProbe probe;

    KeyAssembly(
            TokenIdentity token,
            List<PublicObject> publicKeys,
            List<PublicObject> certificates,
            AlgorithmChoice algorithms,
            KeyProbe probe) {
        this.token = token;
        this.publicKeys = publicKeys;
        this.certificates = certificates;
        this.algorithms = algorithms;
        this.probe = probe;
    }

    /** @param allVisible private keys that exist have been seen, so that a public key without one is no key of the token */
    List<KeyEntry> assemble(List<PrivateKeyObject> privateKeys, boolean allVisible)
            throws TokenException, CryptokiException {
        Map<PrivateKeyObject, Optional<PublicKeyInfo>> halves = new LinkedHashMap<>();
        for (PrivateKeyObject privateKey : privateKeys) {
            halves.put(privateKey, publicHalf(privateKey, privateKeys));
        }
        List<KeyEntry> entries = new ArrayList<>();
        Set<PublicKeyInfo> listed = new LinkedHashSet<>();
        halves.values().forEach(half -> half.ifPresent(listed::add));
        Map<PublicKeyInfo, String> strays = new LinkedHashMap<>();
        halves.forEach((object, half) ->
                entries.add(half.isPresent() ? seen(object, half.get(), halves, strays) : unknown(object, strays)));
        strays.keySet().removeAll(listed);
        strays.forEach((key, problem) -> entries.add(new KeyEntry(unseen(key, problem), null)));
        listed.addAll(strays.keySet());
        if (!allVisible) {
            publicOnly(listed, entries);
        }
        return entries;
    }

    private Optional<PublicKeyInfo> publicHalf(PrivateKeyObject privateKey, List<PrivateKeyObject> all)
            throws TokenException, CryptokiException {
        if (privateKey.own() != null) {
            return Optional.of(privateKey.own());
        }
        List<PublicKeyInfo> candidates = candidates(privateKey);
        // Also by a key under another CKA_ID: a certificate may stand under the CKA_ID of its own key and of a foreign
        // one.
        boolean contested = all.stream()
                .anyMatch(other -> other != privateKey && !Collections.disjoint(candidates, candidates(other)));
        if (candidates.size() == 1 && !contested) {
            return Optional.of(candidates.getFirst());
        }
        return candidates.isEmpty() ? Optional.empty() : probe.find(privateKey, candidates);
    }

    /** Public keys on the token that can be the other half, as far as the attributes tell. */
    private List<PublicKeyInfo> candidates(PrivateKeyObject privateKey) {
        if (privateKey.own() != null) {
            return List.of(privateKey.own());
        }
        return Stream.concat(publicKeys.stream(), certificates.stream())
                .filter(object -> privateKey.fits(object.key()))
                .filter(object -> privateKey.modulus() != null || Arrays.equals(object.id(), privateKey.id()))
                .map(PublicObject::key)
                .distinct()
                .toList();
    }

    private KeyEntry seen(
            PrivateKeyObject object,
            PublicKeyInfo key,
            Map<PrivateKeyObject, Optional<PublicKeyInfo>> halves,
            Map<PublicKeyInfo, String> strays) {
        List<byte[]> own = certificatesOf(key);
        String problem = null;
        if (own.isEmpty()) {
            Set<PublicKeyInfo> neighbours = halves.entrySet().stream()
                    .filter(half -> Arrays.equals(half.getKey().id(), object.id()))
                    .flatMap(half -> half.getValue().stream())
                    .collect(Collectors.toSet());
            problem = foreignCertificate(object.id(), key, neighbours, strays);
        }
        KeyDescriptor descriptor = descriptor(key, object.id(), object.label(), own, object.usage(), true, problem);
        return new KeyEntry(withAuthentication(descriptor, object.alwaysAuthenticate()), object);
    }

    /** The certificate under this CKA_ID carries the public key of no private key under this CKA_ID. */
    private @Nullable String foreignCertificate(
            byte[] id, PublicKeyInfo key, Set<PublicKeyInfo> neighbours, Map<PublicKeyInfo, String> strays) {
        if (id.length == 0) {
            return null;
        }
        for (PublicObject certificate : certificates) {
            if (Arrays.equals(certificate.id(), id) && !neighbours.contains(certificate.key())) {
                String problem =
                        ("The certificate under CKA_ID %s on the token %s belongs to the key %s, but the key under that"
                                        + " CKA_ID is %s: replace the certificate, or give it the CKA_ID of its own key.")
                                .formatted(HexFormat.of().formatHex(id), token.uri(), certificate.key(), key);
                strays.putIfAbsent(certificate.key(), problem);
                return problem;
            }
        }
        return null;
    }

    private KeyEntry unknown(PrivateKeyObject object, Map<PublicKeyInfo, String> strays) {
        String id = HexFormat.of().formatHex(object.id());
        List<PublicKeyInfo> others = Stream.concat(publicKeys.stream(), certificates.stream())
                .filter(other -> object.id().length > 0 && Arrays.equals(other.id(), object.id()))
                .map(PublicObject::key)
                .distinct()
                .toList();
        String problem;
        if (others.isEmpty()) {
            problem =
                    ("The token %s does not tell the public key of the private key with CKA_ID %s and label \"%s\": import its"
                                    + " certificate or its public key under the same CKA_ID.")
                            .formatted(token.uri(), id, object.label());
        } else {
            problem =
                    ("Nothing under CKA_ID %s on the token %s fits the private key there (label \"%s\"): certificate or public"
                                    + " key belong to %s. Import the certificate of the right key, or log in so that it can be asked.")
                            .formatted(
                                    id,
                                    token.uri(),
                                    object.label(),
                                    others.stream().map(PublicKeyInfo::toString).collect(Collectors.joining(", ")));
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
                Set.of(),
                object.alwaysAuthenticate(),
                true,
                problem);
        return new KeyEntry(descriptor, object);
    }

    /** Cannot be the hash of a SubjectPublicKeyInfo, which begins with 0x30. */
    private static KeyFingerprint placeholder(PrivateKeyObject object) {
        String name = "tokend/unknown-public-key\0" + HexFormat.of().formatHex(object.id()) + "\0" + object.label();
        return KeyFingerprint.of(name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    /** Before the login most tokens show no private keys: what can be seen stands for them. */
    private void publicOnly(Set<PublicKeyInfo> listed, List<KeyEntry> entries) {
        for (PublicObject object : publicKeys) {
            if (listed.add(object.key())) {
                List<byte[]> own = certificatesOf(object.key());
                Map<PublicKeyInfo, String> strays = new LinkedHashMap<>();
                String problem = own.isEmpty()
                        ? foreignCertificate(object.id(), object.key(), keysUnder(object.id()), strays)
                        : null;
                entries.add(new KeyEntry(
                        descriptor(object.key(), object.id(), object.label(), own, KeyUsage.ANY, false, problem),
                        null));
                strays.forEach((key, text) -> {
                    if (listed.add(key)) {
                        entries.add(new KeyEntry(unseen(key, text), null));
                    }
                });
            }
        }
        for (PublicObject certificate : certificates) {
            if (listed.add(certificate.key())) {
                entries.add(new KeyEntry(unseen(certificate.key(), null), null));
            }
        }
    }

    private Set<PublicKeyInfo> keysUnder(byte[] id) {
        return publicKeys.stream()
                .filter(object -> Arrays.equals(object.id(), id))
                .map(PublicObject::key)
                .collect(Collectors.toSet());
    }

    private KeyDescriptor unseen(PublicKeyInfo key, @Nullable String problem) {
        PublicObject object = Stream.concat(publicKeys.stream(), certificates.stream())
                .filter(each -> each.key().equals(key))
                .findFirst()
                .orElseThrow();
        return descriptor(key, object.id(), object.label(), certificatesOf(key), KeyUsage.ANY, false, problem);
    }

    private KeyDescriptor descriptor(
            PublicKeyInfo key,
            byte[] id,
            String label,
            List<byte[]> own,
            KeyUsage usage,
            boolean seen,
            @Nullable String problem) {
        Set<KeyAlgorithm> possible = algorithms.algorithms(key.type(), usage);
        return new KeyDescriptor(
                token,
                key.fingerprint(),
                key.type(),
                key.bits(),
                id,
                label,
                key.der(),
                own,
                possible,
                false,
                seen,
                problem);
    }

    private static KeyDescriptor withAuthentication(KeyDescriptor key, boolean always) {
        return new KeyDescriptor(
                key.token(),
                key.fingerprint(),
                key.type(),
                key.bits(),
                key.ckaId(),
                key.label(),
                key.publicKey(),
                key.certificates(),
                key.algorithms(),
                always,
                key.seen(),
                key.problem());
    }

    private List<byte[]> certificatesOf(PublicKeyInfo key) {
        return CertificateOrder.bestFirst(certificates.stream()
                .filter(certificate -> certificate.key().equals(key))
                .map(PublicObject::certificate)
                .toList());
    }
}
