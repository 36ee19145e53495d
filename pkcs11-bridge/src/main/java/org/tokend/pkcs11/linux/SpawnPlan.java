package org.tokend.pkcs11.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The arguments of one posix_spawn(3): file actions, attributes, argv and envp. */
final class SpawnPlan implements AutoCloseable {
    /** Larger than glibc's posix_spawn_file_actions_t, posix_spawnattr_t (336 bytes) and sigset_t on any machine. */
    private static final long OPAQUE_SIZE = 1024;

    private static final int FIRST_INHERITED = 3;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int O_RDWR = 2;
    private static final short SETSIGDEF_SETSIGMASK_SETSID = 0x4 | 0x8 | 0x80;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final java.lang.foreign.AddressLayout PTR = ValueLayout.ADDRESS;
    private static final FunctionDescriptor POINTER = FunctionDescriptor.of(INT, PTR);
    private static final FunctionDescriptor TWO_POINTERS = FunctionDescriptor.of(INT, PTR, PTR);

    private static final MethodHandle ACTIONS_INIT = Libc.function("posix_spawn_file_actions_init", POINTER);
    private static final MethodHandle ACTIONS_DESTROY = Libc.function("posix_spawn_file_actions_destroy", POINTER);
    private static final MethodHandle ADD_OPEN =
            Libc.function("posix_spawn_file_actions_addopen", FunctionDescriptor.of(INT, PTR, INT, PTR, INT, INT));
    private static final MethodHandle ADD_DUP2 =
            Libc.function("posix_spawn_file_actions_adddup2", FunctionDescriptor.of(INT, PTR, INT, INT));
    private static final MethodHandle ADD_CLOSE_FROM =
            Libc.function("posix_spawn_file_actions_addclosefrom_np", FunctionDescriptor.of(INT, PTR, INT));
    private static final MethodHandle ADD_CHDIR = Libc.function("posix_spawn_file_actions_addchdir_np", TWO_POINTERS);
    private static final MethodHandle ATTRIBUTES_INIT = Libc.function("posix_spawnattr_init", POINTER);
    private static final MethodHandle ATTRIBUTES_DESTROY = Libc.function("posix_spawnattr_destroy", POINTER);
    private static final MethodHandle SET_FLAGS =
            Libc.function("posix_spawnattr_setflags", FunctionDescriptor.of(INT, PTR, ValueLayout.JAVA_SHORT));
    private static final MethodHandle SET_MASK = Libc.function("posix_spawnattr_setsigmask", TWO_POINTERS);
    private static final MethodHandle SET_DEFAULT = Libc.function("posix_spawnattr_setsigdefault", TWO_POINTERS);
    private static final MethodHandle SIGNALS_EMPTY = Libc.function("sigemptyset", POINTER);
    private static final MethodHandle SIGNALS_FILL = Libc.function("sigfillset", POINTER);
    private static final MethodHandle SPAWN =
            Libc.function("posix_spawn", FunctionDescriptor.of(INT, PTR, PTR, PTR, PTR, PTR, PTR));
    private static final MethodHandle DUPLICATE =
            Libc.function("fcntl", Libc.ints(3), Linker.Option.firstVariadicArg(2));

    private final Arena arena;
    private final MemorySegment state;
    private final MemorySegment actions;
    private final MemorySegment attributes;
    private final List<Integer> duplicates = new ArrayList<>();

    /** @param first the descriptor that the first socket becomes; the others follow */
    SpawnPlan(Arena arena, List<Descriptor> sockets, int first) throws IOException {
        this.arena = arena;
        this.state = arena.allocate(Libc.captured());
        this.actions = opaque();
        this.attributes = opaque();
        try {
            check("posix_spawn_file_actions_init", (int) ACTIONS_INIT.invokeExact(state, actions));
            check("posix_spawnattr_init", (int) ATTRIBUTES_INIT.invokeExact(state, attributes));
            planFiles(sockets, first);
            planSignals();
        } catch (IOException e) {
            close();
            throw e;
        } catch (Throwable e) {
            close();
            throw Libc.unexpected(e);
        }
    }

    private MemorySegment opaque() {
        return arena.allocate(OPAQUE_SIZE, 16);
    }

    /** The actions run in this order in the child, so no source may have a number that is an earlier action's target. */
    private void planFiles(List<Descriptor> sockets, int first) throws Throwable {
        MemorySegment nothing = arena.allocateFrom("/dev/null");
        check("addopen", (int) ADD_OPEN.invokeExact(state, actions, 0, nothing, O_RDWR, 0));
        check("adddup2", (int) ADD_DUP2.invokeExact(state, actions, 0, 1));
        check("adddup2", (int) ADD_DUP2.invokeExact(state, actions, 0, 2));
        int target = first;
        for (Descriptor socket : sockets) {
            int source = (int)
                    DUPLICATE.invokeExact(state, socket.number(), F_DUPFD_CLOEXEC, FIRST_INHERITED + sockets.size());
            if (source < 0) {
                throw new IOException("fcntl(F_DUPFD_CLOEXEC) failed, errno " + Libc.errno(state));
            }
            duplicates.add(source);
            check("adddup2", (int) ADD_DUP2.invokeExact(state, actions, source, target++));
        }
        check("addclosefrom_np", (int) ADD_CLOSE_FROM.invokeExact(state, actions, Math.max(target, FIRST_INHERITED)));
        check("addchdir_np", (int) ADD_CHDIR.invokeExact(state, actions, arena.allocateFrom("/")));
    }

    /** A JVM's threads block and ignore signals; a child would inherit both. */
    private void planSignals() throws Throwable {
        MemorySegment none = opaque();
        MemorySegment all = opaque();
        check("sigemptyset", (int) SIGNALS_EMPTY.invokeExact(state, none));
        check("sigfillset", (int) SIGNALS_FILL.invokeExact(state, all));
        check("setsigmask", (int) SET_MASK.invokeExact(state, attributes, none));
        check("setsigdefault", (int) SET_DEFAULT.invokeExact(state, attributes, all));
        check("setflags", (int) SET_FLAGS.invokeExact(state, attributes, SETSIGDEF_SETSIGMASK_SETSID));
    }

    int spawn(List<String> command, Map<String, String> environment) throws IOException {
        MemorySegment pid = arena.allocate(INT);
        List<String> variables = environment.entrySet().stream()
                .map(variable -> variable.getKey() + "=" + variable.getValue())
                .toList();
        try {
            MemorySegment path = arena.allocateFrom(command.getFirst());
            int errno = (int)
                    SPAWN.invokeExact(state, pid, path, actions, attributes, strings(command), strings(variables));
            if (errno != 0) {
                throw new IOException("cannot start " + command.getFirst() + ": errno " + errno);
            }
            return pid.get(INT, 0);
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw Libc.unexpected(e);
        }
    }

    /** A char*[] that ends with NULL. */
    private MemorySegment strings(List<String> values) {
        MemorySegment array = arena.allocate(PTR, values.size() + 1L);
        for (int i = 0; i < values.size(); i++) {
            array.setAtIndex(PTR, i, arena.allocateFrom(values.get(i)));
        }
        return array;
    }

    /** These functions return their errno. */
    private static void check(String function, int errno) throws IOException {
        if (errno != 0) {
            throw new IOException(function + " failed, errno " + errno);
        }
    }

    @Override
    public void close() {
        duplicates.forEach(Descriptor::close);
        try {
            int ignored = (int) ACTIONS_DESTROY.invokeExact(state, actions);
            ignored = (int) ATTRIBUTES_DESTROY.invokeExact(state, attributes);
        } catch (Throwable e) {
            throw Libc.unexpected(e);
        }
    }
}
