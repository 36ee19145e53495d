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

/** Public-key objects and certificates of a token, found by CKA_ID and by key: a token may hold thousands. */
final class PublicObjects {
    private final Map<String, List<PublicObject>> byId = new HashMap<>();
    private final Map<PublicKeyInfo, List<PublicObject>> byKey = new LinkedHashMap<>();
    private final Map<BigInteger, List<PublicObject>> byModulus = new HashMap<>();
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

    /** Keys that can be the other half of a private key, as far as the attributes tell. */
    Set<PublicKeyInfo> candidates(PrivateKeyObject privateKey) {
        if (privateKey.own() != null) {
            return Set.of(privateKey.own());
        }
        List<PublicObject> proposed = privateKey.modulus() != null
                ? byModulus.getOrDefault(privateKey.modulus(), List.of())
                : under(privateKey.id());
        Set<PublicKeyInfo> candidates = new LinkedHashSet<>();
        proposed.stream().map(PublicObject::key).filter(privateKey::fits).forEach(candidates::add);
        return candidates;
    }

    /** In the order in which the token showed them, public-key objects first. */
    List<PublicObject> under(byte[] id) {
        return byId.getOrDefault(HexFormat.of().formatHex(id), List.of());
    }

    List<PublicObject> of(PublicKeyInfo key) {
        return byKey.getOrDefault(key, List.of());
    }

    Set<PublicKeyInfo> keys() {
        return byKey.keySet();
    }

    List<byte[]> certificatesOf(PublicKeyInfo key) {
        return CertificateOrder.bestFirst(of(key).stream()
                .filter(PublicObject::isCertificate)
                .map(PublicObject::certificate)
                .toList());
    }

    /** The CA certificates above these, the nearest first. */
    List<byte[]> issuersOf(List<byte[]> certificates) {
        return issuers.above(certificates);
    }

    /** Keys of which nothing is there but CA certificates that lead up from others: carried along, not kept here. */
    Set<PublicKeyInfo> onlyIssuers() {
        Set<ByteBuffer> above = new HashSet<>();
        for (PublicKeyInfo key : byKey.keySet()) {
            issuersOf(certificatesOf(key)).forEach(issuer -> above.add(ByteBuffer.wrap(issuer)));
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
