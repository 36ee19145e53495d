package org.tokend.pkcs11.operation;

/**
 * One way to get at an ECDH secret.
 *
 * @param wrappedPoint the peer's point goes in an OCTET STRING
 */
public record DerivePlan(String name, long mechanism, boolean wrappedPoint, DeriveTemplate template) implements Plan {

    /** How much the template of the derived key says: tokens differ in what they insist on and in what they refuse. */
    public enum DeriveTemplate {
        FULL,
        WITHOUT_LENGTH,
        SMALLEST
    }
}
