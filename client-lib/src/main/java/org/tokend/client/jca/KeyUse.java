package org.tokend.client.jca;

import org.tokend.protocol.Agree;
import org.tokend.protocol.Algorithm;
import org.tokend.protocol.Decrypt;
import org.tokend.protocol.Sign;

/**
 * The uses of one key, as requests.
 *
 * @param key its fingerprint, or its URI where several tokens have the same key
 * @param purpose what the person is told
 */
record KeyUse(Clients clients, String key, String purpose) {
    byte[] sign(Algorithm algorithm, byte[] input) {
        return clients.use(client -> client.sign(new Sign(key, algorithm, Sign.Kind.DIGEST, input, purpose)));
    }

    byte[] decrypt(Algorithm algorithm, byte[] ciphertext, int length) {
        return clients.use(client -> client.decrypt(new Decrypt(key, algorithm, ciphertext, length, purpose)));
    }

    byte[] agree(byte[] publicKey) {
        return clients.use(client -> client.agree(new Agree(key, publicKey, purpose)));
    }
}
