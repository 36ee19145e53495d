package org.tokend.daemon.prompt;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.tokend.pkcs11.linux.LockedPage;

/** A PIN as it was entered, in locked memory off the heap, until closed. */
public final class Pin implements AutoCloseable {
    /** Longer than any token takes. */
    public static final int MAX_BYTES = 512;

    private final LockedPage page = LockedPage.allocate(MAX_BYTES);
    private int length;

    Pin() {}

    /** @param bytes copied; at most {@link #MAX_BYTES} */
    public static Pin of(MemorySegment bytes) {
        Pin pin = new Pin();
        MemorySegment.copy(bytes, 0, pin.page.segment(), 0, bytes.byteSize());
        pin.length = (int) bytes.byteSize();
        return pin;
    }

    /** The bytes of the PIN; dead after {@link #close()}. */
    public MemorySegment segment() {
        return page.segment().asSlice(0, length);
    }

    public int length() {
        return length;
    }

    /** @return false when it is full: no token takes a PIN that long */
    boolean append(byte value) {
        if (length == MAX_BYTES) {
            return false;
        }
        page.segment().set(ValueLayout.JAVA_BYTE, length++, value);
        return true;
    }

    /** Forgets what was appended. */
    void clear() {
        page.zero();
        length = 0;
    }

    @Override
    public void close() {
        page.close();
    }

    @Override
    public String toString() {
        return "Pin[redacted]";
    }
}
