/** The p11-kit RPC protocol: bytes come in, {@code Cryptoki} calls go out, and back. Depends on {@code cryptoki} and {@code linux}. */
@NullMarked
package org.tokend.pkcs11.rpc;

import org.jspecify.annotations.NullMarked;
