/**
 * Asking for PINs: a {@link org.tokend.daemon.prompt.PromptRequest} comes in, a PIN in locked memory or the reason why there
 * is none goes out. Knows nothing of tries, logins or requests. May depend on {@code config} and
 * {@code org.tokend.pkcs11.linux}.
 */
@NullMarked
package org.tokend.daemon.prompt;

import org.jspecify.annotations.NullMarked;
