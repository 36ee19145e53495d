package org.tokend.pkcs11.token;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.tokend.pkcs11.KeyFingerprint;
import org.tokend.pkcs11.key.KeyCatalog;
import org.tokend.pkcs11.object.ObjectCatalog;
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
        ObjectCatalog objects,
        KeyCatalog catalog,
        Set<KeyFingerprint> proven,
        long readAt) {

    List<String> notes() {
        return Stream.concat(objects.notes().stream(), catalog.notes().stream()).toList();
    }

    /** Whether an object was left out because the token failed over it, which it may not do again. */
    boolean partial() {
        return objects.partial() || catalog.partial();
    }
}
