package org.tokend.pkcs11.provision;

import org.tokend.pkcs11.cryptoki.AttributeValues;
import org.tokend.pkcs11.cryptoki.CKA;

/**
 * How well a token keeps a private key (PKCS#11 v3.1 §4.9).
 *
 * @param sensitive its value is never shown in the clear
 * @param extractable it may leave the token encrypted, or in the clear where it is not sensitive
 * @param alwaysSensitive it has been sensitive for all its life
 * @param neverExtractable it has not been extractable for a moment
 * @param local it was made on the token; false for what was imported
 */
public record KeyProtection(
        boolean sensitive, boolean extractable, boolean alwaysSensitive, boolean neverExtractable, boolean local) {

    static final long[] TYPES = {CKA.SENSITIVE, CKA.EXTRACTABLE, CKA.ALWAYS_SENSITIVE, CKA.NEVER_EXTRACTABLE, CKA.LOCAL
    };

    /** What a token does not say counts as the worse. */
    static KeyProtection of(AttributeValues values) {
        return new KeyProtection(
                values.get(CKA.SENSITIVE).asBoolean(false),
                values.get(CKA.EXTRACTABLE).asBoolean(true),
                values.get(CKA.ALWAYS_SENSITIVE).asBoolean(false),
                values.get(CKA.NEVER_EXTRACTABLE).asBoolean(false),
                values.get(CKA.LOCAL).asBoolean(false));
    }
}
