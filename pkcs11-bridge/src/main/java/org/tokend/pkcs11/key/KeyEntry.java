package org.tokend.pkcs11.key;

import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.KeyDescriptor;

/**
 * One key of a catalogue.
 *
 * @param object null for a key that is known from its public half only
 */
public record KeyEntry(KeyDescriptor descriptor, @Nullable PrivateKeyObject object) {}
