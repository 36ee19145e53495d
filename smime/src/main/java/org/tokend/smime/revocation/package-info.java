/**
 * Whether a CA has taken a certificate back: what comes in is a path, what goes out is for each level good, revoked, or
 * unknown with the cause, and every address that was asked. Depends on the certificates, the policy, and the fetched
 * documents.
 */
@NullMarked
package org.tokend.smime.revocation;

import org.jspecify.annotations.NullMarked;
