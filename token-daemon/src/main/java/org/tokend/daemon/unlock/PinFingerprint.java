package org.tokend.daemon.unlock;

/**
 * Tells whether a PIN is one that was refused before, without telling the PIN.
 *
 * @param keyId which key made it: fingerprints of different keys cannot be compared
 * @param hex the keyed hash
 */
record PinFingerprint(String keyId, String hex) {}
