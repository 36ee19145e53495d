package org.tokend.pkcs11.operation;

import org.tokend.pkcs11.cryptoki.Mechanism;

/**
 * One way to decrypt on a token.
 *
 * @param raw the token does raw RSA only and the padding comes off here
 */
public record DecryptPlan(String name, Mechanism mechanism, boolean raw) implements Plan {}
