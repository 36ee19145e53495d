/**
 * Paths from a certificate to a root that is trusted: what comes in are a certificate, the certificates around it, the roots
 * and the way to fetch more, what goes out is one verdict with its path. Depends on the certificates, the policy, and the
 * fetched documents.
 */
@NullMarked
package org.tokend.smime.chain;

import org.jspecify.annotations.NullMarked;
