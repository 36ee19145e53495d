package org.tokend.pkcs11.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Memory for a secret: off the heap, locked (mlock(2)), left out of core dumps (MADV_DONTDUMP), zeroed when closed. The only
 * place where a PIN may stand.
 */
public final class LockedPage implements AutoCloseable {
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x22;
    private static final int MADV_DONTDUMP = 16;

    private static final NativeFunction MMAP = NativeFunction.ofLibc("mmap");
    private static final NativeFunction MUNMAP = NativeFunction.ofLibc("munmap");
    private static final NativeFunction MLOCK = NativeFunction.ofLibc("mlock");
    private static final NativeFunction MADVISE = NativeFunction.ofLibc("madvise");

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
            MemorySegment state = NativeFunction.state(arena);
            long address = MMAP.call(state, 0, bytes, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0);
            if (address == -1L) {
                throw new OutOfMemoryError("mmap of " + bytes + " bytes failed, errno " + NativeFunction.errno(state));
            }
            MemorySegment segment = MemorySegment.ofAddress(address).reinterpret(bytes, arena, LockedPage::release);
            int ignored = MADVISE.callInt(state, address, bytes, MADV_DONTDUMP);
            boolean locked = MLOCK.callInt(state, address, bytes) == 0;
            return new LockedPage(arena, segment, locked);
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
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
            int ignored = MUNMAP.callInt(NativeFunction.state(arena), mapped.address(), mapped.byteSize());
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
