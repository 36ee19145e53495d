/**
 * CMS with private keys that live elsewhere: what comes in are contents and BER, what goes out are SignedData, and the
 * plaintext of EnvelopedData and AuthEnvelopedData; a token sees one digest or one RecipientInfo. May depend on certificate,
 * client-lib, Bouncy Castle, the JDK's ciphers, and Conscrypt where it is there.
 */
@NullMarked
package org.tokend.smime.cms;

import org.jspecify.annotations.NullMarked;
