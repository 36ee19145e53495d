package org.tokend.pkcs11.operation;

import java.util.function.UnaryOperator;
import org.tokend.pkcs11.cryptoki.Mechanism;
import org.tokend.pkcs11.cryptoki.SignInit;

/**
 * One way to make a signature on a token.
 *
 * @param name for what is remembered and for messages
 * @param input from digest or message to what C_Sign gets
 */
public record SignPlan(String name, Mechanism mechanism, UnaryOperator<byte[]> input) implements Plan {
    public SignInit init(long key) {
        return new SignInit(mechanism, key);
    }
}
