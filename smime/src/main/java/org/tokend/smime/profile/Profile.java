package org.tokend.smime.profile;

import org.jspecify.annotations.Nullable;

/**
 * What a person has chosen to sign and be encrypted to with.
 *
 * @param sign fingerprint of the certificate to sign with, or null
 * @param encrypt fingerprint of the certificate to be encrypted to, or null
 * @param algorithm of signatures, by its wire name, or null for what most programs read
 * @param cipher by its name, or null for what the recipients can read
 * @param headers whether From, Subject and the others are protected too, or null for yes
 */
public record Profile(
        String name,
        @Nullable String sign,
        @Nullable String encrypt,
        @Nullable String algorithm,
        @Nullable String cipher,
        @Nullable Boolean headers) {}
