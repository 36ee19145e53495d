/**
 * Whom this machine and this person trust for mail: what comes in are the files of three layers and a fingerprint that a
 * person compared, what goes out are the roots, each with where it is from. Depends on the certificates and the policy.
 */
@NullMarked
package org.tokend.smime.trust;

import org.jspecify.annotations.NullMarked;
