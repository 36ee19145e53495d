package org.tokend.smime.cms;

import java.security.MessageDigest;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;

/** The digests by which signatures are read. What may be written is {@link SignatureScheme.Hash}. */
public enum ContentDigest {
    /** Two contents with one digest are made in seconds: it is known only to be refused by name. */
    MD5("MD5", PKCSObjectIdentifiers.md5, Strength.BROKEN),
    SHA1("SHA-1", OIWObjectIdentifiers.idSHA1, Strength.OLD),
    SHA224("SHA-224", NISTObjectIdentifiers.id_sha224, Strength.GOOD),
    SHA256("SHA-256", NISTObjectIdentifiers.id_sha256, Strength.GOOD),
    SHA384("SHA-384", NISTObjectIdentifiers.id_sha384, Strength.GOOD),
    SHA512("SHA-512", NISTObjectIdentifiers.id_sha512, Strength.GOOD),
    SHA3_256("SHA3-256", NISTObjectIdentifiers.id_sha3_256, Strength.GOOD),
    SHA3_384("SHA3-384", NISTObjectIdentifiers.id_sha3_384, Strength.GOOD),
    SHA3_512("SHA3-512", NISTObjectIdentifiers.id_sha3_512, Strength.GOOD);

    /** What a signature over this digest still proves. */
    public enum Strength {
        GOOD,
        /** Enough to read an old mail, with a warning. */
        OLD,
        BROKEN
    }

    private final String jcaName;
    private final ASN1ObjectIdentifier oid;
    private final Strength strength;

    ContentDigest(String jcaName, ASN1ObjectIdentifier oid, Strength strength) {
        this.jcaName = jcaName;
        this.oid = oid;
        this.strength = strength;
    }

    static Optional<ContentDigest> of(ASN1ObjectIdentifier oid) {
        for (ContentDigest digest : values()) {
            if (digest.oid.equals(oid)) {
                return Optional.of(digest);
            }
        }
        return Optional.empty();
    }

    ASN1ObjectIdentifier oid() {
        return oid;
    }

    public String jcaName() {
        return jcaName;
    }

    public Strength strength() {
        return strength;
    }

    /** As the JCA writes it in names of signature algorithms. */
    String inSignatureName() {
        return jcaName.startsWith("SHA-") ? jcaName.replace("-", "") : jcaName;
    }

    MessageDigest start() {
        return Digests.forSmall(jcaName);
    }
}
