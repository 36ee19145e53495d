package org.tokend.pkcs11.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Asks the dynamic loader for its own words; the JDK keeps them to itself. */
public final class DynamicLoader {
    private static final int RTLD_NOW = 2;
    private static final long LONGEST = 4096;
    private static final NativeFunction DLOPEN = NativeFunction.ofLibc("dlopen");
    private static final NativeFunction DLERROR = NativeFunction.ofLibc("dlerror");

    private DynamicLoader() {}

    /** @return why the library cannot be loaded, or null when it can; it then stays loaded */
    public static @Nullable String complaint(Path library) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = NativeFunction.state(arena);
            if (DLOPEN.call(state, arena.allocateFrom(library.toString()).address(), RTLD_NOW) != 0) {
                return null;
            }
            long message = DLERROR.call(state, 0);
            return message == 0
                    ? "the loader does not say why"
                    : MemorySegment.ofAddress(message).reinterpret(LONGEST).getString(0);
        }
    }
}
