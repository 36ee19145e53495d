package org.tokend.pkcs11.key;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Public-key objects and certificates of a token, found by CKA_ID and by key: a token may hold thousands. */
final class PublicObjects {
    /** For each private key that does not tell its public key: one signature decides among them, each takes a verification. */
    private static final int MOST_CANDIDATES = 64;

    /** For one key; more than a renewal each month for some years. */
    private static final int MOST_CERTIFICATES = 100;

    private final Map<String, List<PublicObject>> byId = new HashMap<>();
    private final Map<PublicKeyInfo, List<PublicObject>> byKey = new LinkedHashMap<>();
    private final Map<BigInteger, List<PublicObject>> byModulus = new HashMap<>();
    private final Map<PublicKeyInfo, List<byte[]>> certificatesOf = new HashMap<>();
    private final Map<PublicKeyInfo, List<byte[]>> issuersOf = new HashMap<>();
    private final Map<String, Set<PublicKeyInfo>> keysUnder = new HashMap<>();
    private final IssuerChain issuers;

    PublicObjects(List<PublicObject> publicKeys, List<PublicObject> certificates) {
        publicKeys.forEach(this::add);
        certificates.forEach(this::add);
        issuers = new IssuerChain(certificates);
    }

    private void add(PublicObject object) {
        byId.computeIfAbsent(HexFormat.of().formatHex(object.id()), id -> new ArrayList<>())
                .add(object);
        byKey.computeIfAbsent(object.key(), key -> new ArrayList<>()).add(object);
        BigInteger modulus = object.key().modulus();
        if (modulus != null) {
            byModulus.computeIfAbsent(modulus, key -> new ArrayList<>()).add(object);
        }
    }

    /**
     * Keys that can be the other half of a private key, as far as the attributes tell; those of its label first, since there are
     * tokens where all keys have the same CKA_ID, or none.
     */
    Set<PublicKeyInfo> candidates(PrivateKeyObject privateKey) {
        if (privateKey.own() != null) {
            return Set.of(privateKey.own());
        }
        List<PublicObject> proposed = privateKey.modulus() != null
                ? byModulus.getOrDefault(privateKey.modulus(), List.of())
                : under(privateKey.id());
        Stream<PublicObject> namesakes =
                proposed.stream().filter(object -> object.label().equals(privateKey.label()));
        Set<PublicKeyInfo> candidates = new LinkedHashSet<>();
        Stream.concat(namesakes, proposed.stream())
                .map(PublicObject::key)
                .filter(privateKey::fits)
                .distinct()
                .limit(MOST_CANDIDATES)
                .forEach(candidates::add);
        return candidates;
    }

    /** In the order in which the token showed them, public-key objects first. */
    List<PublicObject> under(byte[] id) {
        return byId.getOrDefault(HexFormat.of().formatHex(id), List.of());
    }

    /** In the same order. */
    Set<PublicKeyInfo> keysUnder(byte[] id) {
        return keysUnder.computeIfAbsent(HexFormat.of().formatHex(id), hex -> {
            Set<PublicKeyInfo> keys = new LinkedHashSet<>();
            under(id).forEach(object -> keys.add(object.key()));
            return keys;
        });
    }

    List<PublicObject> of(PublicKeyInfo key) {
        return byKey.getOrDefault(key, List.of());
    }

    Set<PublicKeyInfo> keys() {
        return byKey.keySet();
    }

    /** The newest first. */
    List<byte[]> certificatesOf(PublicKeyInfo key) {
        return certificatesOf.computeIfAbsent(
                key,
                unread -> CertificateOrder.bestFirst(of(key).stream()
                                .filter(PublicObject::isCertificate)
                                .map(PublicObject::certificate)
                                .toList())
                        .stream()
                        .limit(MOST_CERTIFICATES)
                        .toList());
    }

    /** The CA certificates above those of a key, the nearest first. */
    List<byte[]> issuersOf(PublicKeyInfo key) {
        return issuersOf.computeIfAbsent(key, unread -> issuers.above(certificatesOf(key)));
    }

    /** Keys of which nothing is there but CA certificates that lead up from others: carried along, not kept here. */
    Set<PublicKeyInfo> onlyIssuers() {
        Set<ByteBuffer> above = new HashSet<>();
        for (PublicKeyInfo key : byKey.keySet()) {
            issuersOf(key).forEach(issuer -> above.add(ByteBuffer.wrap(issuer)));
        }
        Set<PublicKeyInfo> only = new HashSet<>();
        byKey.forEach((key, objects) -> {
            if (objects.stream()
                    .map(PublicObject::certificate)
                    .allMatch(certificate -> certificate != null && above.contains(ByteBuffer.wrap(certificate)))) {
                only.add(key);
            }
        });
        return only;
    }
}
