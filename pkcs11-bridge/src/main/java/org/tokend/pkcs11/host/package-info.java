/** Module hosts: a module's path comes in, connections to it go out that outlive crashes and hangs. Depends on {@code rpc}, {@code cryptoki}, {@code linux}. */
@NullMarked
package org.tokend.pkcs11.host;

import org.jspecify.annotations.NullMarked;
