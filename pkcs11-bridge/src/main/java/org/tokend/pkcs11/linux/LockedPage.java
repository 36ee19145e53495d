package org.tokend.pkcs11.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Memory for a secret: off the heap, locked (mlock(2)), left out of core dumps (MADV_DONTDUMP), zeroed when closed. The only
 * place where a PIN may stand.
 */
public final class LockedPage implements AutoCloseable {
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x22;
    private static final int MADV_DONTDUMP = 16;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final MethodHandle MMAP = Libc.function(
            "mmap", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS, LONG, INT, INT, INT, LONG));
    private static final MethodHandle MUNMAP =
            Libc.function("munmap", FunctionDescriptor.of(INT, ValueLayout.ADDRESS, LONG));
    private static final MethodHandle MLOCK =
            Libc.function("mlock", FunctionDescriptor.of(INT, ValueLayout.ADDRESS, LONG));
    private static final MethodHandle MADVISE =
            Libc.function("madvise", FunctionDescriptor.of(INT, ValueLayout.ADDRESS, LONG, INT));

    private final Arena arena;
    private final MemorySegment segment;
    private final boolean locked;

    private LockedPage(Arena arena, MemorySegment segment, boolean locked) {
        this.arena = arena;
        this.segment = segment;
        this.locked = locked;
    }

    /**
     * @param bytes rounded up to whole pages by the kernel; the segment is exactly this long
     * @throws OutOfMemoryError when the kernel gives no memory
     */
    public static LockedPage allocate(long bytes) {
        Arena arena = Arena.ofShared();
        try {
            MemorySegment state = arena.allocate(Libc.captured());
            MemorySegment address = (MemorySegment)
                    MMAP.invokeExact(state, MemorySegment.NULL, bytes, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0L);
            if (address.address() == -1L) {
                throw new OutOfMemoryError("mmap of " + bytes + " bytes failed, errno " + Libc.errno(state));
            }
            MemorySegment segment = address.reinterpret(bytes, arena, LockedPage::release);
            int ignored = (int) MADVISE.invokeExact(state, address, bytes, MADV_DONTDUMP);
            boolean locked = (int) MLOCK.invokeExact(state, address, bytes) == 0;
            return new LockedPage(arena, segment, locked);
        } catch (Throwable e) {
            arena.close();
            throw Libc.unexpected(e);
        }
    }

    public MemorySegment segment() {
        return segment;
    }

    /** Whether the kernel let us lock it; RLIMIT_MEMLOCK may forbid. */
    public boolean locked() {
        return locked;
    }

    public void zero() {
        segment.fill((byte) 0);
    }

    private static void release(MemorySegment mapped) {
        mapped.fill((byte) 0);
        try (Arena arena = Arena.ofConfined()) {
            int ignored = (int) MUNMAP.invokeExact(
                    arena.allocate(Libc.captured()), MemorySegment.ofAddress(mapped.address()), mapped.byteSize());
        } catch (Throwable e) {
            throw Libc.unexpected(e);
        }
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }

    @Override
    public String toString() {
        return "LockedPage[" + segment.byteSize() + " bytes]";
    }
}
