package org.tokend.pkcs11.token;

import java.util.Set;
import org.tokend.pkcs11.KeyFingerprint;
import org.tokend.pkcs11.key.KeyCatalog;
import org.tokend.pkcs11.operation.MechanismTable;

/**
 * What has been read from a token in one generation.
 *
 * @param complete private keys could be seen
 * @param proven keys whose possession has been proven in this generation
 */
record TokenView(
        long generation,
        boolean complete,
        MechanismTable mechanisms,
        KeyCatalog catalog,
        Set<KeyFingerprint> proven,
        long readAt) {}
