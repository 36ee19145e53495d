/**
 * What other machines publish about certificates: what comes in is a URL, what goes out is its bytes or the cause why there
 * are none, within a budget of time and size. Depends on no other package of this module.
 */
@NullMarked
package org.tokend.smime.fetch;

import org.jspecify.annotations.NullMarked;
