package org.tokend.pkcs11.rpc;

import java.util.Map;
import org.tokend.pkcs11.cryptoki.CKF;
import org.tokend.pkcs11.cryptoki.Cryptoki;

/** Serves encryption, decryption, digests and random numbers. */
final class CipherCalls {
    private CipherCalls() {}

    static void addTo(Map<Call, Handler> table) {
        addEncryption(table);
        addDecryption(table);
        addDigest(table);
        table.put(Call.SEED_RANDOM, x -> {
            x.cryptoki().seedRandom(x.in().u64(), x.in().data());
            x.reply();
        });
        table.put(Call.GENERATE_RANDOM, x -> {
            long session = x.in().u64();
            int wanted = x.in().u32();
            // No bytes are wanted through a pointer (0xffffffff), or by a client of version 0 (0).
            int length = wanted == MessageWriter.NULL_ARRAY ? 0 : wanted;
            if (length < 0 || length > WireBounds.OUTPUT) {
                throw new WireFormatException("more random bytes than a frame holds");
            }
            byte[] random = length == 0 ? new byte[0] : x.cryptoki().generateRandom(session, length);
            x.reply().array(random);
        });
    }

    private static void addEncryption(Map<Call, Handler> table) {
        table.put(Call.ENCRYPT_INIT, new OperationStart(CKF.ENCRYPT, Cryptoki::encryptInit));
        table.put(Call.ENCRYPT, new Transformation(Cryptoki::encrypt));
        table.put(Call.ENCRYPT_UPDATE, new Transformation(Cryptoki::encryptUpdate));
        table.put(Call.ENCRYPT_FINAL, x -> {
            long session = x.in().u64();
            x.replyOutput(session, null, () -> x.cryptoki().encryptFinal(session));
        });
    }

    private static void addDecryption(Map<Call, Handler> table) {
        table.put(Call.DECRYPT_INIT, new OperationStart(CKF.DECRYPT, Cryptoki::decryptInit));
        table.put(Call.DECRYPT, new Transformation(Cryptoki::decrypt));
        table.put(Call.DECRYPT_UPDATE, new Transformation(Cryptoki::decryptUpdate));
        table.put(Call.DECRYPT_FINAL, x -> {
            long session = x.in().u64();
            x.replyOutput(session, null, () -> x.cryptoki().decryptFinal(session));
        });
    }

    private static void addDigest(Map<Call, Handler> table) {
        table.put(Call.DIGEST_INIT, x -> {
            long session = x.in().u64();
            var mechanism = x.mechanismOrCancel(0);
            x.held().drop(session);
            if (mechanism == null) {
                x.cryptoki().sessionCancel(session, CKF.DIGEST);
            } else {
                x.cryptoki().digestInit(session, mechanism);
            }
            x.reply();
        });
        table.put(Call.DIGEST, new Transformation(Cryptoki::digest));
        table.put(Call.DIGEST_UPDATE, x -> {
            x.cryptoki().digestUpdate(x.in().u64(), x.in().data());
            x.reply();
        });
        table.put(Call.DIGEST_KEY, x -> {
            x.cryptoki().digestKey(x.in().u64(), x.in().u64());
            x.reply();
        });
        table.put(Call.DIGEST_FINAL, x -> {
            long session = x.in().u64();
            x.replyOutput(session, null, () -> x.cryptoki().digestFinal(session));
        });
    }
}
