/**
 * The record of what was done with private keys: entries come in, lines of a hash-chained file go out, before the answer
 * does. May depend on {@code access} and jackson-core.
 */
@NullMarked
package org.tokend.daemon.audit;

import org.jspecify.annotations.NullMarked;
