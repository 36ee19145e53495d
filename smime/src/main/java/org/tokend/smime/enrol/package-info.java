/**
 * Asking a CA for a certificate: a key on a token and what the certificate is to say come in, a PKCS#10 request goes out. May depend on
 * {@code cms} for the signature, on client-lib and on Bouncy Castle.
 */
@NullMarked
package org.tokend.smime.enrol;

import org.jspecify.annotations.NullMarked;
