package org.tokend.pkcs11.host;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.rpc.Deadlines;

/**
 * What the configuration says about a module.
 *
 * @param name for people and logs
 * @param file the shared library
 * @param reserved what C_Initialize gets as pReserved, such as NSS's parameters
 * @param environment variables for this module's host, such as SOFTHSM2_CONF
 * @param connections how many threads may use it at once
 */
public record ModuleSettings(
        String name,
        Path file,
        Wrapper wrapper,
        @Nullable String reserved,
        Map<String, String> environment,
        int connections,
        Deadlines deadlines) {
    private static final int DEFAULT_CONNECTIONS = 20;

    public ModuleSettings {
        environment = Map.copyOf(environment);
    }

    public static ModuleSettings of(String name, Path file) {
        return new ModuleSettings(name, file, Wrapper.IAIK, null, Map.of(), DEFAULT_CONNECTIONS, Deadlines.DEFAULT);
    }

    /** Deadlines for ordinary calls and for logins; what takes longer by nature keeps its own. */
    public ModuleSettings withDeadlines(Duration ordinary, Duration login) {
        return withDeadlines(Deadlines.DEFAULT.withOrdinary(ordinary).withLogin(login));
    }

    public ModuleSettings withWrapper(Wrapper other, @Nullable String reservedArguments) {
        return new ModuleSettings(name, file, other, reservedArguments, environment, connections, deadlines);
    }

    public ModuleSettings withConnections(int most) {
        return new ModuleSettings(name, file, wrapper, reserved, environment, most, deadlines);
    }

    public ModuleSettings withEnvironment(Map<String, String> variables) {
        return new ModuleSettings(name, file, wrapper, reserved, variables, connections, deadlines);
    }

    public ModuleSettings withDeadlines(Deadlines others) {
        return new ModuleSettings(name, file, wrapper, reserved, environment, connections, others);
    }
}
