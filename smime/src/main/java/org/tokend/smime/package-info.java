/**
 * S/MIME with keys on tokens: what comes in is a mail, what goes out is the signed or the decrypted mail, in constant
 * memory. May depend on its own packages mime, certificate and cms, and on the protocol records.
 */
@NullMarked
package org.tokend.smime;

import org.jspecify.annotations.NullMarked;
