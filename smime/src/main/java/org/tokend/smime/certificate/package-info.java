/**
 * Which certificate: what comes in are the keys that tokend lists and the wish of a caller, what goes out is one key with
 * its certificate and chain, or the reason for each candidate that was refused. May depend on the protocol records and
 * Bouncy Castle.
 */
@NullMarked
package org.tokend.smime.certificate;

import org.jspecify.annotations.NullMarked;
