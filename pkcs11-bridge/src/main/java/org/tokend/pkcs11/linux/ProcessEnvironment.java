package org.tokend.pkcs11.linux;

import java.lang.foreign.Arena;
import java.util.Map;

/** The environment of this process as native code reads it; {@link System#getenv} keeps what it was at the start. */
public final class ProcessEnvironment {
    private static final int OVERWRITE = 1;
    private static final NativeFunction SETENV = NativeFunction.ofLibc("setenv");

    private ProcessEnvironment() {}

    public static void set(Map<String, String> variables) {
        try (Arena arena = Arena.ofConfined()) {
            for (Map.Entry<String, String> variable : variables.entrySet()) {
                int ignored = SETENV.callInt(
                        NativeFunction.state(arena),
                        arena.allocateFrom(variable.getKey()).address(),
                        arena.allocateFrom(variable.getValue()).address(),
                        OVERWRITE);
            }
        }
    }
}
