package org.tokend.pkcs11;

/**
 * What makes a token the same token: serial, label and model, without padding. Never its slot number, which moves.
 *
 * @param manufacturer shown and put into the URI, not part of the comparison that finds a token again
 */
public record TokenIdentity(String label, String manufacturer, String model, String serial) {}
