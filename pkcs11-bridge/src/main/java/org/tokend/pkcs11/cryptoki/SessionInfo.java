package org.tokend.pkcs11.cryptoki;

/** A CK_SESSION_INFO. */
public record SessionInfo(long slot, long state, long flags, long deviceError) {}
