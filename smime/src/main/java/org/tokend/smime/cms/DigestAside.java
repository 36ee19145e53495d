package org.tokend.smime.cms;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Hashes what is written. A content that proves to be large is hashed on a thread of its own, while the caller reads and writes; a
 * few blocks go round between the two, so memory is flat. To be closed, however it ends.
 */
final class DigestAside extends OutputStream {

    static final int BLOCK = 1 << 19;
    static final String THREAD = "content digest";
    private static final int BLOCKS = 4;
    private static final int FIRST_BYTES = 1 << 13;

    private final Supplier<MessageDigest> forSmall;
    private final Supplier<MessageDigest> forLarge;
    private Block filling = new Block();
    private @Nullable Side side;
    private @Nullable MessageDigest finished;

    static DigestAside of(String jcaName) {
        return new DigestAside(() -> Digests.forSmall(jcaName), () -> Digests.forLarge(jcaName));
    }

    /** @param forLarge asked on the other thread, for what fills a block */
    DigestAside(Supplier<MessageDigest> forSmall, Supplier<MessageDigest> forLarge) {
        this.forSmall = forSmall;
        this.forLarge = forLarge;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int from = offset;
        int left = length;
        while (left > 0) {
            int count = filling.append(bytes, from, left);
            from += count;
            left -= count;
            if (filling.isFull()) {
                filling = aside().passOn(filling);
            }
        }
    }

    private Side aside() {
        Side known = side;
        if (known == null) {
            known = new Side(forLarge);
            side = known;
        }
        return known;
    }

    /** All was written: waits until all is hashed. */
    void finish() throws IOException {
        Side known = side;
        if (known != null) {
            finished = known.finish(filling);
            side = null;
        } else {
            MessageDigest digest = forSmall.get();
            digest.update(filling.bytes, 0, filling.length);
            finished = digest;
        }
    }

    /** After {@link #finish}. */
    byte[] digest() {
        MessageDigest digest = finished;
        if (digest == null) {
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
        private final Supplier<MessageDigest> supplier;
        private final BlockingQueue<Block> empty = new ArrayBlockingQueue<>(BLOCKS);
        private final BlockingQueue<Block> full = new ArrayBlockingQueue<>(BLOCKS);
        private final Thread thread = new Thread(this::hash, THREAD);
        private @Nullable MessageDigest digest;
        private volatile @Nullable Throwable failure;

        Side(Supplier<MessageDigest> supplier) {
            this.supplier = supplier;
            for (int i = 1; i < BLOCKS; i++) {
                empty.add(new Block());
            }
            thread.setDaemon(true);
            thread.start();
        }

        /** @return one to be filled */
        Block passOn(Block block) throws IOException {
            Block next;
            try {
                full.put(block);
                next = empty.take();
            } catch (InterruptedException interrupted) {
                throw interruption();
            }
            requireSuccess();
            return next;
        }

        /** @param last with room left */
        MessageDigest finish(Block last) throws IOException {
            try {
                full.put(last);
                thread.join();
            } catch (InterruptedException interrupted) {
                throw interruption();
            }
            requireSuccess();
            return Objects.requireNonNull(digest);
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
                MessageDigest known = digest;
                if (known == null) {
                    known = supplier.get();
                    digest = known;
                }
                known.update(block.bytes, 0, block.length);
            } catch (RuntimeException | Error thrown) {
                failure = thrown;
            }
        }
    }

    /** Grows: most contents are far smaller. */
    private static final class Block {
        private byte[] bytes = new byte[FIRST_BYTES];
        private int length;

        int append(byte[] from, int offset, int most) {
            int count = Math.min(most, BLOCK - length);
            if (length + count > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.min(BLOCK, Math.max(2 * bytes.length, length + count)));
            }
            System.arraycopy(from, offset, bytes, length, count);
            length += count;
            return count;
        }

        boolean isFull() {
            return length == BLOCK;
        }
    }
}
