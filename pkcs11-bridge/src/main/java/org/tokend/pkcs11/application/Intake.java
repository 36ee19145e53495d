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

    /** All is kept, and counted against what the application may keep altogether. */
    final class Kept implements Intake {
        private static final int FIRST = 256;

        private final int most;
        private final long tooLong;
        private final Quota quota;
        private byte[] data = new byte[0];
        private int length;

        /** @param tooLong return value for data of more than {@code most} bytes */
        Kept(int most, long tooLong, Quota quota) {
            this.most = most;
            this.tooLong = tooLong;
            this.quota = quota;
        }

        @Override
        public void add(byte[] part) throws CryptokiException {
            if (part.length > most - length) {
                throw Refusal.of(tooLong);
            }
            if (part.length > data.length - length) {
                grow(Math.max(length + part.length, Math.min(most, Math.max(FIRST, 2 * length))));
            }
            System.arraycopy(part, 0, data, length, part.length);
            length += part.length;
        }

        private void grow(int room) throws CryptokiException {
            quota.take(room - data.length);
            byte[] longer = Arrays.copyOf(data, room);
            Arrays.fill(data, (byte) 0);
            data = longer;
        }

        @Override
        public byte[] take() {
            byte[] taken = Arrays.copyOf(data, length);
            wipe();
            return taken;
        }

        @Override
        public void wipe() {
            Arrays.fill(data, (byte) 0);
            quota.giveBack(data.length);
            data = new byte[0];
            length = 0;
        }
    }
}
