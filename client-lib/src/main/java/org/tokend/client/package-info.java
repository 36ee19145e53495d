/**
 * The library for programs: a {@link org.tokend.protocol.Request} comes in, a connection to tokend is made, its answer goes
 * out as a value or a {@link org.tokend.client.TokenClientException}. May depend on org.tokend.protocol and the JDK only.
 */
@NullMarked
package org.tokend.client;

import org.jspecify.annotations.NullMarked;
