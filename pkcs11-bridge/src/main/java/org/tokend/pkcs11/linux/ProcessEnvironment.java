package org.tokend.pkcs11.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Map;

/** The environment of this process as native code reads it; {@link System#getenv} keeps what it was at the start. */
public final class ProcessEnvironment {
    private static final int OVERWRITE = 1;
    private static final MethodHandle SETENV = Libc.function(
            "setenv",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));

    private ProcessEnvironment() {}

    public static void set(Map<String, String> variables) {
        try (Arena arena = Arena.ofConfined()) {
            for (Map.Entry<String, String> variable : variables.entrySet()) {
                int ignored = (int) SETENV.invokeExact(
                        arena.allocate(Libc.captured()),
                        arena.allocateFrom(variable.getKey()),
                        arena.allocateFrom(variable.getValue()),
                        OVERWRITE);
            }
        } catch (Throwable e) {
            throw Libc.unexpected(e);
        }
    }
}
