/** Text comes in, {@code pkcs11:} URIs (RFC 7512) go out, and back. Depends on the JDK only. */
@NullMarked
package org.tokend.pkcs11.uri;

import org.jspecify.annotations.NullMarked;
