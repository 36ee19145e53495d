/**
 * One PKCS#11 application as it sees the tokens: its calls come in as those of {@link org.tokend.pkcs11.cryptoki.Cryptoki},
 * with slots, sessions, object handles and a login state that are its own; uses of private keys, logins and changes to a token go
 * out to an {@link org.tokend.pkcs11.application.ApplicationGate}. Digests and public-key operations are done here. May depend on
 * {@code token} and what that may depend on, never on {@code rpc}, {@code host} or {@code session}.
 */
@NullMarked
package org.tokend.pkcs11.application;

import org.jspecify.annotations.NullMarked;
