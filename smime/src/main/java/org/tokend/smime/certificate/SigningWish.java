package org.tokend.smime.certificate;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the caller said about the certificate to sign with.
 *
 * @param key URI or fingerprint of a key, or null
 * @param from an address that the certificate must have, or null
 * @param mailFrom the addresses in the mail's own From: they decide between certificates, but do not forbid one
 */
public record SigningWish(@Nullable String key, @Nullable String from, List<String> mailFrom) {}
