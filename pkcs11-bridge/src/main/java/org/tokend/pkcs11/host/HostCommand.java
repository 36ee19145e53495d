package org.tokend.pkcs11.host;

import java.io.File;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tokend.pkcs11.cryptoki.LocalCryptoki;

/** The command line and environment of a module host. */
final class HostCommand {
    private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));

    /**
     * Small, quick to start, nothing to attach to, and nothing left on disk when the module takes the process down. Cores
     * are forbidden by the process itself, so that a crash ends in SIGABRT and not in an exit status that says nothing.
     */
    private static final List<String> FLAGS = List.of(
            "-Xshare:auto",
            "-XX:+UseSerialGC",
            "-Xms4m",
            "-Xmn2m",
            "-Xmx64m",
            // What the compiler took for a while goes back to the kernel.
            "-XX:TrimNativeHeapInterval=10000",
            "-Xrs",
            "-XX:+DisableAttachMechanism",
            "-XX:-UsePerfData",
            "-XX:-HeapDumpOnOutOfMemoryError",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:+SuppressFatalErrorMessage",
            "--enable-native-access=ALL-UNNAMED",
            "--add-exports=jdk.crypto.cryptoki/sun.security.pkcs11.wrapper=ALL-UNNAMED");

    /** Looks for idle monitors every ten seconds, not four times in one. A later JVM may not know the option, and would not start. */
    private static final List<String> CALM = Runtime.version().feature() == 25
            ? List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:AsyncDeflationInterval=10000")
            : List.of();

    private HostCommand() {}

    static List<String> line(int connections) {
        return Stream.of(
                        Stream.of(JAVA_HOME.resolve("bin/java").toString()),
                        FLAGS.stream(),
                        CALM.stream(),
                        cache(),
                        Stream.of(
                                "-Djava.library.path=" + System.getProperty("java.library.path"),
                                "-cp",
                                classPath(),
                                ModuleHost.class.getName(),
                                Integer.toString(connections)))
                .flatMap(part -> part)
                .toList();
    }

    /** Classes made ready at build time, if the installation that we run from has them; a cache that does not fit is passed over. */
    private static Stream<String> cache() {
        return home()
                .map(home -> home.resolve("lib/cache/module-host.jsa"))
                .filter(Files::isReadable)
                .map(file -> "-XX:SharedArchiveFile=" + file)
                .stream();
    }

    private static Optional<Path> home() {
        return Optional.ofNullable(System.getProperty("tokend.home")).map(Path::of);
    }

    /** Nothing but this module and the wrapper: what else is on our class path has no business beside a vendor's code. */
    private static String classPath() {
        return LocalCryptoki.codeSources().stream()
                .map(HostCommand::locationOf)
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Where the loader finds it. A class from a cache would name the place where the cache was made, which may be gone. */
    private static String locationOf(Class<?> type) {
        String file = type.getName().replace('.', '/') + ".class";
        URL found = Objects.requireNonNull(ClassLoader.getSystemResource(file), file);
        try {
            if (found.openConnection() instanceof JarURLConnection jar) {
                return Path.of(jar.getJarFileURL().toURI()).toString();
            }
            String path = Path.of(found.toURI()).toString();
            return path.substring(0, path.length() - file.length());
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException("cannot tell where " + type + " was loaded from", e);
        }
    }

    /** Of our own environment nothing gets through but HOME: modules read configuration from the rest. */
    static Map<String, String> environment(Map<String, String> ofModule) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("LANG", "C.UTF-8");
        environment.put("PATH", "/usr/bin:/bin");
        environment.put("HOME", System.getProperty("user.home"));
        environment.putAll(ofModule);
        Path signalChaining = JAVA_HOME.resolve("lib/libjsig.so");
        if (Files.exists(signalChaining)) {
            // A module that resets SIGSEGV would otherwise end the JVM at its next implicit null check.
            environment.put("LD_PRELOAD", signalChaining.toString());
        }
        return environment;
    }
}
