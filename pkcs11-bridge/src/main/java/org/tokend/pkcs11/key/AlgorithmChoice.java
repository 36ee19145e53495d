package org.tokend.pkcs11.key;

import java.util.Set;
import org.tokend.pkcs11.KeyAlgorithm;
import org.tokend.pkcs11.KeyType;

/** What a token can do with a key of a kind. */
@FunctionalInterface
public interface AlgorithmChoice {
    Set<KeyAlgorithm> algorithms(KeyType type, KeyUsage usage);
}
