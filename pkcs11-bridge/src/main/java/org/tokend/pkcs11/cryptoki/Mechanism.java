package org.tokend.pkcs11.cryptoki;

/** A CK_MECHANISM: a CKM_ number and its parameter. */
public record Mechanism(long type, Parameter parameter) {

    public static Mechanism of(long type) {
        return new Mechanism(type, new None());
    }

    /** The parameter structures that we can carry. */
    public sealed interface Parameter {}

    public record None() implements Parameter {}

    /** CK_RSA_PKCS_PSS_PARAMS; salt length in bytes. */
    public record Pss(long hash, long mgf, long saltLength) implements Parameter {}

    /** CK_RSA_PKCS_OAEP_PARAMS with CKZ_DATA_SPECIFIED. */
    public record Oaep(long hash, long mgf, byte[] label) implements Parameter {}

    /** CK_ECDH1_DERIVE_PARAMS; {@code publicData} is the raw uncompressed point. */
    public record Ecdh1(long kdf, byte[] sharedData, byte[] publicData) implements Parameter {}

    /** CK_AES_CTR_PARAMS; 16-byte counter block. */
    public record Counter(long counterBits, byte[] block) implements Parameter {}

    /** CK_GCM_PARAMS. */
    public record Gcm(byte[] iv, long ivBits, byte[] additionalData, long tagBits) implements Parameter {}

    /** A single CK_ULONG, such as the length of a truncated MAC. */
    public record Number(long value) implements Parameter {}

    /** Raw bytes, such as an IV. */
    public record Bytes(byte[] value) implements Parameter {}
}
