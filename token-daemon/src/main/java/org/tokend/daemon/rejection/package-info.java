/**
 * Decryption that tells a forger nothing: ciphertexts and RecipientInfos come in, plaintexts and content keys go out, and for
 * what does not decrypt either an answer that looks like one (PKCS#1 v1.5) or one uniform error. May depend on
 * {@code access}, the wire contract, the bridge and Bouncy Castle.
 */
@NullMarked
package org.tokend.daemon.rejection;

import org.jspecify.annotations.NullMarked;
