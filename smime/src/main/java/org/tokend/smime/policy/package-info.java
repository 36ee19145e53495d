/**
 * Which algorithms and keys still prove or protect something, and what an administrator or a person has set: what comes in
 * are the files of each layer and the names of algorithms, what goes out is a rating with its reason. Depends on the
 * certificates.
 */
@NullMarked
package org.tokend.smime.policy;

import org.jspecify.annotations.NullMarked;
