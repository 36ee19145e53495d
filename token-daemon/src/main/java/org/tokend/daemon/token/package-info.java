/**
 * The tokens of all modules: names come in, tokens and keys go out; grants come in, turns at a token go out. Knows what was
 * seen last without asking a token. May depend on {@code access}, {@code event}, the wire contract and the bridge.
 */
@NullMarked
package org.tokend.daemon.token;

import org.jspecify.annotations.NullMarked;
