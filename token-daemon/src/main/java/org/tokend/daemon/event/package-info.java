/**
 * Things that happen to tokens while programs wait: events come in from whoever notices, and go out to the request that
 * waits and to every {@code Watch} stream. May depend on the wire contract only.
 */
@NullMarked
package org.tokend.daemon.event;

import org.jspecify.annotations.NullMarked;
