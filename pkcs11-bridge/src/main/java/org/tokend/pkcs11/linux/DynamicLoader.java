package org.tokend.pkcs11.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Asks the dynamic loader for its own words; the JDK keeps them to itself. */
public final class DynamicLoader {
    private static final int RTLD_NOW = 2;
    private static final long LONGEST = 4096;
    private static final MethodHandle DLOPEN = Libc.function(
            "dlopen", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    private static final MethodHandle DLERROR = Libc.function("dlerror", FunctionDescriptor.of(ValueLayout.ADDRESS));

    private DynamicLoader() {}

    /** @return why the library cannot be loaded, or null when it can; it then stays loaded */
    public static @Nullable String complaint(Path library) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Libc.captured());
            MemorySegment handle =
                    (MemorySegment) DLOPEN.invokeExact(state, arena.allocateFrom(library.toString()), RTLD_NOW);
            if (handle.address() != 0) {
                return null;
            }
            MemorySegment message = (MemorySegment) DLERROR.invokeExact(state);
            return message.address() == 0
                    ? "the loader does not say why"
                    : message.reinterpret(LONGEST).getString(0);
        } catch (Throwable e) {
            throw Libc.unexpected(e);
        }
    }
}
