package org.tokend.pkcs11.key;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.KeyType;

/** The elliptic curves that the bridge can use, with what CKA_EC_PARAMS may hold for each (PKCS#11 v3.1 §6.3.3). */
public enum Curve {
    P256(KeyType.P256, 256, List.of("06082a8648ce3d030107"), List.of("secp256r1", "prime256v1", "P-256")),
    P384(KeyType.P384, 384, List.of("06052b81040022"), List.of("secp384r1", "P-384")),
    P521(KeyType.P521, 521, List.of("06052b81040023"), List.of("secp521r1", "P-521")),
    /** The first OID is that of RFC 8410; the second is older and still in use on cards. */
    ED25519(KeyType.ED25519, 255, List.of("06032b6570", "06092b06010401da470f01"), List.of("edwards25519", "Ed25519"));

    private final KeyType type;
    private final int bits;
    private final List<String> oids;
    private final List<String> names;

    Curve(KeyType type, int bits, List<String> oids, List<String> names) {
        this.type = type;
        this.bits = bits;
        this.oids = oids;
        this.names = names;
    }

    public static Optional<Curve> of(KeyType type) {
        return Arrays.stream(values()).filter(curve -> curve.type == type).findFirst();
    }

    /** @param parameters CKA_EC_PARAMS: a named curve by OID, or by its name as PrintableString */
    public static Optional<Curve> ofParameters(byte[] parameters) {
        String hex = HexFormat.of().formatHex(parameters);
        String name = printableString(parameters);
        return Arrays.stream(values())
                .filter(curve -> curve.oids.contains(hex)
                        || curve.names.stream().anyMatch(known -> known.equalsIgnoreCase(name)))
                .findFirst();
    }

    private static @Nullable String printableString(byte[] parameters) {
        try {
            DerReader reader = new DerReader(parameters);
            byte[] text = reader.value(Der.PRINTABLE_STRING);
            reader.finish();
            return new String(text, StandardCharsets.US_ASCII);
        } catch (MalformedDerException e) {
            return null;
        }
    }

    public KeyType type() {
        return type;
    }

    public int bits() {
        return bits;
    }

    /** Bytes of a field element, of half a raw signature, and of an ECDH secret. */
    public int fieldLength() {
        return (bits + 7) / 8;
    }

    public boolean edwards() {
        return this == ED25519;
    }

    /** The curve's OID with tag and length, as it stands in a SubjectPublicKeyInfo. */
    public byte[] oid() {
        return HexFormat.of().parseHex(oids.getFirst());
    }

    /** Order of the base point; defined for the curves of FIPS 186. */
    public BigInteger order() {
        return EcPoint.order(this);
    }
}
