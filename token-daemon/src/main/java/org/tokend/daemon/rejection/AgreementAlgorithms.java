package org.tokend.daemon.rejection;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Map;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.cms.ecc.ECCCMSSharedInfo;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.jspecify.annotations.Nullable;
import org.tokend.daemon.access.RefusalException;

/**
 * The key derivation of ECDH in CMS (RFC 5753 §7). With and without cofactor are the same here: the curves of NIST have
 * cofactor 1.
 */
final class AgreementAlgorithms {
    private static final Map<ASN1ObjectIdentifier, String> KDF_HASHES = Map.of(
            X9ObjectIdentifiers.dhSinglePass_stdDH_sha1kdf_scheme, "SHA-1",
            SECObjectIdentifiers.dhSinglePass_stdDH_sha224kdf_scheme, "SHA-224",
            SECObjectIdentifiers.dhSinglePass_stdDH_sha256kdf_scheme, "SHA-256",
            SECObjectIdentifiers.dhSinglePass_stdDH_sha384kdf_scheme, "SHA-384",
            SECObjectIdentifiers.dhSinglePass_stdDH_sha512kdf_scheme, "SHA-512",
            X9ObjectIdentifiers.dhSinglePass_cofactorDH_sha1kdf_scheme, "SHA-1",
            SECObjectIdentifiers.dhSinglePass_cofactorDH_sha224kdf_scheme, "SHA-224",
            SECObjectIdentifiers.dhSinglePass_cofactorDH_sha256kdf_scheme, "SHA-256",
            SECObjectIdentifiers.dhSinglePass_cofactorDH_sha384kdf_scheme, "SHA-384",
            SECObjectIdentifiers.dhSinglePass_cofactorDH_sha512kdf_scheme, "SHA-512");

    private AgreementAlgorithms() {}

    static String kdfHash(ASN1ObjectIdentifier agreement) throws RefusalException {
        String hash = KDF_HASHES.get(agreement);
        if (hash == null) {
            throw RecipientInfoReader.unsupported("the key agreement " + agreement);
        }
        return hash;
    }

    /** ECC-CMS-SharedInfo (RFC 5753 §7.2); suppPubInfo is the length of the wrapping key in bits. */
    static byte[] sharedInfo(AlgorithmIdentifier wrapping, @Nullable ASN1OctetString keyingMaterial, int keyLength)
            throws IOException {
        int bits = keyLength * Byte.SIZE;
        byte[] length = {(byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits};
        byte[] material = keyingMaterial == null ? null : keyingMaterial.getOctets();
        return new ECCCMSSharedInfo(wrapping, material, length).getEncoded("DER");
    }

    /** X9.63 KDF (SEC 1 §3.6.1). */
    static byte[] derive(String hashName, byte[] secret, byte[] sharedInfo, int length) {
        MessageDigest hash;
        try {
            hash = MessageDigest.getInstance(hashName);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + hashName, e);
        }
        byte[] key = new byte[length];
        for (int counter = 1, at = 0; at < length; counter++) {
            hash.update(secret);
            hash.update(
                    new byte[] {(byte) (counter >>> 24), (byte) (counter >>> 16), (byte) (counter >>> 8), (byte) counter
                    });
            byte[] block = hash.digest(sharedInfo);
            int copied = Math.min(block.length, length - at);
            System.arraycopy(block, 0, key, at, copied);
            Arrays.fill(block, (byte) 0);
            at += copied;
        }
        return key;
    }
}
