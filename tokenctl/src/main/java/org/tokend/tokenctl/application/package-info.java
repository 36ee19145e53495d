/**
 * Programs that know PKCS#11 and not tokend: what comes in is this machine, what goes out is where they keep their settings,
 * whether those name p11-kit's client module, and an NSS database changed so that it does. May depend on output.
 */
@NullMarked
package org.tokend.tokenctl.application;

import org.jspecify.annotations.NullMarked;
