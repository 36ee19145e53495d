package org.tokend.pkcs11.rpc;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.locks.LockSupport;

/** The other end of a client: agrees on version 2, accepts C_Initialize, and then answers with prepared bytes. */
final class ScriptedServer implements Wire {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final byte[] replies;
    private int position;
    private int writes;
    private boolean hangs;
    private Duration pause = Duration.ZERO;

    /** @param replies all that follows the reply to C_Initialize */
    ScriptedServer(String replies) {
        this.replies = WireText.bytes("02" + reply(0x10, "00000001 00000000") + replies);
    }

    static String reply(int code, String body) {
        byte[] bytes = WireText.bytes(body);
        return " %08x 00000000 %08x %s "
                .formatted(code, bytes.length, HexFormat.of().formatHex(bytes));
    }

    /** When the prepared bytes are used up, nothing comes any more, not even the end of the stream. */
    ScriptedServer hanging() {
        hangs = true;
        return this;
    }

    /** From now on one byte comes after each pause. */
    void slowly(Duration each) {
        pause = each;
    }

    @Override
    public long read(MemorySegment into) throws SocketTimeoutException {
        int most = pause.isZero() ? replies.length : 1;
        LockSupport.parkNanos(pause.toNanos());
        int count = (int) Math.min(Math.min(replies.length - position, most), into.byteSize());
        if (count == 0) {
            if (hangs) {
                throw new SocketTimeoutException();
            }
            return -1;
        }
        MemorySegment.copy(replies, position, into, ValueLayout.JAVA_BYTE, 0, count);
        position += count;
        return count;
    }

    @Override
    public void write(MemorySegment from) {
        written.writeBytes(from.toArray(ValueLayout.JAVA_BYTE));
        writes++;
    }

    @Override
    public void timeout(long millis) {}

    @Override
    public void close() {}

    String written() {
        return HexFormat.of().formatHex(written.toByteArray());
    }

    int writes() {
        return writes;
    }
}
