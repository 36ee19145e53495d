package org.tokend.pkcs11.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Hands open files to another process, with a datagram to its Unix socket (SCM_RIGHTS, unix(7)). */
public final class DescriptorMail {
    /** SCM_MAX_FD: what the kernel takes at once. */
    public static final int MOST = 253;

    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SCM_RIGHTS = 1;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int SUN_PATH = 108;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final java.lang.foreign.AddressLayout PTR = ValueLayout.ADDRESS;

    /** struct msghdr of 64-bit Linux: name, namelen, iov, iovlen, control, controllen, flags. */
    private static final StructLayout MSGHDR = MemoryLayout.structLayout(
            PTR, INT, MemoryLayout.paddingLayout(4), PTR, LONG, PTR, LONG, INT, MemoryLayout.paddingLayout(4));

    /** struct cmsghdr: the length with itself, level and type; the numbers follow. */
    private static final long CMSG_HEADER = 16;

    private static final NativeFunction SOCKET = NativeFunction.ofLibc("socket");
    private static final NativeFunction SENDMSG = NativeFunction.ofLibc("sendmsg");

    private DescriptorMail() {}

    /**
     * @param address path of the socket; a leading NUL stands for an abstract name
     * @param descriptors at most {@link #MOST}; ours stay open
     */
    public static void send(String address, String text, List<Descriptor> descriptors) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = NativeFunction.state(arena);
            int socket = SOCKET.callInt(state, AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
            if (socket < 0) {
                throw new IOException("socket failed, errno " + NativeFunction.errno(state));
            }
            try {
                MemorySegment message = message(arena, address, text, descriptors);
                if (SENDMSG.call(state, socket, message.address(), MSG_NOSIGNAL) < 0) {
                    throw new IOException("sendmsg failed, errno " + NativeFunction.errno(state));
                }
            } finally {
                Descriptor.close(socket);
            }
        }
    }

    private static MemorySegment message(Arena arena, String address, String text, List<Descriptor> descriptors)
            throws IOException {
        MemorySegment name = address(arena, address);
        MemorySegment bytes = arena.allocateFrom(BYTE, text.getBytes(StandardCharsets.UTF_8));
        MemorySegment vector = arena.allocate(16, 8);
        vector.set(PTR, 0, bytes);
        vector.set(LONG, 8, bytes.byteSize());
        MemorySegment message = arena.allocate(MSGHDR);
        message.set(PTR, 0, name);
        message.set(INT, 8, (int) name.byteSize());
        message.set(PTR, 16, vector);
        message.set(LONG, 24, 1);
        if (!descriptors.isEmpty()) {
            MemorySegment rights = rights(arena, descriptors);
            message.set(PTR, 32, rights);
            message.set(LONG, 40, rights.byteSize());
        }
        return message;
    }

    private static MemorySegment address(Arena arena, String address) throws IOException {
        byte[] path = address.getBytes(StandardCharsets.UTF_8);
        if (path.length == 0 || path.length >= SUN_PATH) {
            throw new IOException("the address " + address + " is no address of a Unix socket");
        }
        boolean named = path[0] != 0;
        MemorySegment name = arena.allocate(Short.BYTES + path.length + (named ? 1L : 0L), 2);
        name.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
        MemorySegment.copy(path, 0, name, BYTE, Short.BYTES, path.length);
        return name;
    }

    private static MemorySegment rights(Arena arena, List<Descriptor> descriptors) {
        long length = CMSG_HEADER + (long) descriptors.size() * Integer.BYTES;
        // CMSG_SPACE: padded to eight bytes.
        MemorySegment control = arena.allocate((length + 7) & ~7L, 8);
        control.set(LONG, 0, length);
        control.set(INT, 8, SOL_SOCKET);
        control.set(INT, 12, SCM_RIGHTS);
        for (int i = 0; i < descriptors.size(); i++) {
            control.set(
                    INT,
                    CMSG_HEADER + (long) i * Integer.BYTES,
                    descriptors.get(i).number());
        }
        return control;
    }
}
