/**
 * PKCS#12 files (RFC 7292): bytes and a passphrase in locked memory come in, a key pair with its certificates goes out, and the other way
 * round. Programs never see what is in them. May depend on the wire contract and on Bouncy Castle.
 */
@NullMarked
package org.tokend.daemon.pkcs12;

import org.jspecify.annotations.NullMarked;
