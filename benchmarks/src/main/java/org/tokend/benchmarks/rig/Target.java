package org.tokend.benchmarks.rig;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One subject: what its clients load or connect to.
 *
 * @param options of the load program
 */
public record Target(String name, List<String> options, Map<String, String> environment) {
    public Target {
        options = List.copyOf(options);
        environment = Map.copyOf(environment);
    }

    ProcessBuilder with(List<String> command) {
        List<String> line = new ArrayList<>(command);
        line.addAll(options);
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.environment().putAll(environment);
        return builder;
    }
}
