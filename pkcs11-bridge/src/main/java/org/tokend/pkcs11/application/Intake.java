package org.tokend.pkcs11.application;

import java.security.MessageDigest;
import java.util.Arrays;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/** The data of an operation, part by part. */
sealed interface Intake {
    void add(byte[] part) throws CryptokiException;

    /** What was taken in, or its hash; the intake is empty afterwards. */
    byte[] take();

    void wipe();

    /** Only the hash is kept. */
    record Hashed(MessageDigest digest) implements Intake {
        @Override
        public void add(byte[] part) {
            digest.update(part);
        }

        @Override
        public byte[] take() {
            return digest.digest();
        }

        @Override
        public void wipe() {
            digest.reset();
        }
    }

    /** All is kept. */
    final class Kept implements Intake {
        private final int most;
        private final long tooLong;
        private byte[] data = new byte[0];

        /** @param tooLong return value for data of more than {@code most} bytes */
        Kept(int most, long tooLong) {
            this.most = most;
            this.tooLong = tooLong;
        }

        @Override
        public void add(byte[] part) throws CryptokiException {
            if (part.length > most - data.length) {
                throw Refusal.of(tooLong);
            }
            byte[] longer = Arrays.copyOf(data, data.length + part.length);
            System.arraycopy(part, 0, longer, data.length, part.length);
            wipe();
            data = longer;
        }

        @Override
        public byte[] take() {
            byte[] taken = data;
            data = new byte[0];
            return taken;
        }

        @Override
        public void wipe() {
            Arrays.fill(data, (byte) 0);
            data = new byte[0];
        }
    }
}
