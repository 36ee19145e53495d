/**
 * Named choices of a person: what comes in are names and certificates, what goes out is the profile, checked again each time
 * it is read. Depends on the certificates.
 */
@NullMarked
package org.tokend.smime.profile;

import org.jspecify.annotations.NullMarked;
