/**
 * Token keys for programs that know only java.security: calls of the JCA come in, requests to tokend go out. May depend on
 * org.tokend.client, org.tokend.protocol and the JDK; Bouncy Castle is met by name only.
 */
@NullMarked
package org.tokend.client.jca;

import org.jspecify.annotations.NullMarked;
