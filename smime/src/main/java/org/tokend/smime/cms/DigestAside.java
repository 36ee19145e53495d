package org.tokend.smime.cms;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Hashes what is written. A content that proves to be large is hashed on a thread of its own from then on, while the caller reads
 * and writes; a few blocks go round between the two, so memory is flat. To be closed, however it ends.
 */
final class DigestAside extends OutputStream {

    static final int LARGE = 1 << 20;
    static final int BLOCK = 1 << 19;
    static final String THREAD = "content digest";
    private static final int BLOCKS = 3;

    private final MessageDigest digest;
    private long written;
    private @Nullable Side side;

    DigestAside(MessageDigest digest) {
        this.digest = digest;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Side known = side;
        written += length;
        if (known != null) {
            known.write(bytes, offset, length);
        } else if (written <= LARGE) {
            digest.update(bytes, offset, length);
        } else {
            known = new Side(digest);
            side = known;
            known.write(bytes, offset, length);
        }
    }

    /** All was written: waits until all is hashed. */
    void finish() throws IOException {
        Side known = side;
        if (known != null) {
            known.finish();
            side = null;
        }
    }

    /** After {@link #finish}. */
    byte[] digest() {
        if (side != null) {
            throw new IllegalStateException("what was written may not have been hashed yet");
        }
        return digest.digest();
    }

    /** Ends the thread, whether all was hashed or not. */
    @Override
    public void close() {
        Side known = side;
        side = null;
        if (known != null) {
            known.stop();
        }
    }

    /** The other thread and the blocks between. */
    private static final class Side {
        private final MessageDigest digest;
        private final BlockingQueue<Block> empty = new ArrayBlockingQueue<>(BLOCKS);
        private final BlockingQueue<Block> full = new ArrayBlockingQueue<>(BLOCKS);
        private final Thread thread = new Thread(this::hash, THREAD);
        private Block filling = new Block();
        private volatile @Nullable Throwable failure;

        Side(MessageDigest digest) {
            this.digest = digest;
            for (int i = 1; i < BLOCKS; i++) {
                empty.add(new Block());
            }
            thread.setDaemon(true);
            thread.start();
        }

        void write(byte[] bytes, int offset, int length) throws IOException {
            int from = offset;
            int left = length;
            while (left > 0) {
                int count = filling.append(bytes, from, left);
                from += count;
                left -= count;
                if (filling.isFull()) {
                    passOn();
                }
            }
        }

        private void passOn() throws IOException {
            try {
                full.put(filling);
                filling = empty.take();
            } catch (InterruptedException interrupted) {
                throw interruption();
            }
            requireSuccess();
        }

        /** A block with room left is the last. */
        void finish() throws IOException {
            try {
                full.put(filling);
                thread.join();
            } catch (InterruptedException interrupted) {
                throw interruption();
            }
            requireSuccess();
        }

        private static IOException interruption() {
            Thread.currentThread().interrupt();
            return new InterruptedIOException("interrupted while a content was hashed");
        }

        private void requireSuccess() throws IOException {
            Throwable cause = failure;
            if (cause != null) {
                throw new IOException("a content could not be hashed: " + cause, cause);
            }
        }

        void stop() {
            thread.interrupt();
            try {
                thread.join();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        private void hash() {
            try {
                boolean last = false;
                while (!last) {
                    Block block = full.take();
                    last = !block.isFull();
                    if (failure == null) {
                        update(block);
                    }
                    block.length = 0;
                    empty.put(block);
                }
            } catch (InterruptedException stopped) {
                // The writer has given up.
            }
        }

        /** After a failure blocks still go round: the writer must not wait for one that never comes. */
        private void update(Block block) {
            try {
                digest.update(block.bytes, 0, block.length);
            } catch (RuntimeException | Error thrown) {
                failure = thrown;
            }
        }
    }

    private static final class Block {
        private final byte[] bytes = new byte[BLOCK];
        private int length;

        int append(byte[] from, int offset, int most) {
            int count = Math.min(most, bytes.length - length);
            System.arraycopy(from, offset, bytes, length, count);
            length += count;
            return count;
        }

        boolean isFull() {
            return length == bytes.length;
        }
    }
}
