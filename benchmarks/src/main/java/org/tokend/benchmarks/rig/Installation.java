package org.tokend.benchmarks.rig;

import java.nio.file.Path;
import java.util.List;

/**
 * What is run.
 *
 * @param home the installation of tokend
 * @param load the C program
 */
public record Installation(Path home, LoadProgram load) {

    /** Threads of one JVM, each with a connection of its own through client-lib. */
    public Clients clientLibrary(Target target, int count) {
        return Clients.start(
                target.name(),
                target.with(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "org.tokend.benchmarks.driver.ClientLibrary",
                        Integer.toString(count))));
    }

    public Path command(String name) {
        return home.resolve("bin").resolve(name);
    }
}
