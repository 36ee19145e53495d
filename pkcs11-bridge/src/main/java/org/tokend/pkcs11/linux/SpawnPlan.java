package org.tokend.pkcs11.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
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
    private static final NativeFunction ACTIONS_INIT = NativeFunction.ofLibc("posix_spawn_file_actions_init");
    private static final NativeFunction ACTIONS_DESTROY = NativeFunction.ofLibc("posix_spawn_file_actions_destroy");
    private static final NativeFunction ADD_OPEN = NativeFunction.ofLibc("posix_spawn_file_actions_addopen");
    private static final NativeFunction ADD_DUP2 = NativeFunction.ofLibc("posix_spawn_file_actions_adddup2");
    private static final NativeFunction ADD_CLOSE_FROM =
            NativeFunction.ofLibc("posix_spawn_file_actions_addclosefrom_np");
    private static final NativeFunction ADD_CHDIR = NativeFunction.ofLibc("posix_spawn_file_actions_addchdir_np");
    private static final NativeFunction ATTRIBUTES_INIT = NativeFunction.ofLibc("posix_spawnattr_init");
    private static final NativeFunction ATTRIBUTES_DESTROY = NativeFunction.ofLibc("posix_spawnattr_destroy");
    private static final NativeFunction SET_FLAGS = NativeFunction.ofLibc("posix_spawnattr_setflags");
    private static final NativeFunction SET_MASK = NativeFunction.ofLibc("posix_spawnattr_setsigmask");
    private static final NativeFunction SET_DEFAULT = NativeFunction.ofLibc("posix_spawnattr_setsigdefault");
    private static final NativeFunction SIGNALS_EMPTY = NativeFunction.ofLibc("sigemptyset");
    private static final NativeFunction SIGNALS_FILL = NativeFunction.ofLibc("sigfillset");
    private static final NativeFunction SPAWN = NativeFunction.ofLibc("posix_spawn");
    private static final NativeFunction DUPLICATE = NativeFunction.ofLibc("fcntl");

    private final Arena arena;
    private final MemorySegment state;
    private final long actions;
    private final long attributes;
    private final List<Integer> duplicates = new ArrayList<>();

    /** @param first the descriptor that the first socket becomes; the others follow */
    SpawnPlan(Arena arena, List<Descriptor> sockets, int first) throws IOException {
        this.arena = arena;
        this.state = NativeFunction.state(arena);
        this.actions = opaque();
        this.attributes = opaque();
        try {
            check("posix_spawn_file_actions_init", ACTIONS_INIT.callInt(state, actions));
            check("posix_spawnattr_init", ATTRIBUTES_INIT.callInt(state, attributes));
            planFiles(sockets, first);
            planSignals();
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Addresses of memory that lives as long as the plan. */
    private long opaque() {
        return arena.allocate(OPAQUE_SIZE, 16).address();
    }

    private long text(String text) {
        return arena.allocateFrom(text).address();
    }

    /** The actions run in this order in the child, so no source may have a number that is an earlier action's target. */
    private void planFiles(List<Descriptor> sockets, int first) throws IOException {
        check("addopen", (int) ADD_OPEN.call(state, actions, 0, text("/dev/null"), O_RDWR, 0, 0));
        check("adddup2", ADD_DUP2.callInt(state, actions, 0, 1));
        check("adddup2", ADD_DUP2.callInt(state, actions, 0, 2));
        int target = first;
        for (Descriptor socket : sockets) {
            int source = DUPLICATE.callInt(state, socket.number(), F_DUPFD_CLOEXEC, FIRST_INHERITED + sockets.size());
            if (source < 0) {
                throw new IOException("fcntl(F_DUPFD_CLOEXEC) failed, errno " + NativeFunction.errno(state));
            }
            duplicates.add(source);
            check("adddup2", ADD_DUP2.callInt(state, actions, source, target++));
        }
        check("addclosefrom_np", ADD_CLOSE_FROM.callInt(state, actions, Math.max(target, FIRST_INHERITED)));
        check("addchdir_np", ADD_CHDIR.callInt(state, actions, text("/")));
    }

    /** A JVM's threads block and ignore signals; a child would inherit both. */
    private void planSignals() throws IOException {
        long none = opaque();
        long all = opaque();
        check("sigemptyset", SIGNALS_EMPTY.callInt(state, none));
        check("sigfillset", SIGNALS_FILL.callInt(state, all));
        check("setsigmask", SET_MASK.callInt(state, attributes, none));
        check("setsigdefault", SET_DEFAULT.callInt(state, attributes, all));
        check("setflags", SET_FLAGS.callInt(state, attributes, SETSIGDEF_SETSIGMASK_SETSID));
    }

    int spawn(List<String> command, Map<String, String> environment) throws IOException {
        MemorySegment pid = arena.allocate(INT);
        List<String> variables = environment.entrySet().stream()
                .map(variable -> variable.getKey() + "=" + variable.getValue())
                .toList();
        long path = text(command.getFirst());
        int errno =
                (int) SPAWN.call(state, pid.address(), path, actions, attributes, strings(command), strings(variables));
        if (errno != 0) {
            throw new IOException("cannot start " + command.getFirst() + ": errno " + errno);
        }
        return pid.get(INT, 0);
    }

    /** A char*[] that ends with NULL. */
    private long strings(List<String> values) {
        MemorySegment array = arena.allocate(ValueLayout.ADDRESS, values.size() + 1L);
        for (int i = 0; i < values.size(); i++) {
            array.setAtIndex(ValueLayout.ADDRESS, i, arena.allocateFrom(values.get(i)));
        }
        return array.address();
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
        int ignored = ACTIONS_DESTROY.callInt(state, actions);
        ignored = ATTRIBUTES_DESTROY.callInt(state, attributes);
    }
}
