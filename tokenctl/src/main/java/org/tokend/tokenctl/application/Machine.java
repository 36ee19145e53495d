package org.tokend.tokenctl.application;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where things are on this machine.
 *
 * @param root {@code /}, but for tests
 */
public record Machine(Map<String, String> variables, Path root) {

    private static final String CLIENT = "p11-kit-client.so";

    public Machine {
        variables = Map.copyOf(variables);
    }

    public static Machine of(Map<String, String> variables) {
        return new Machine(variables, Path.of("/"));
    }

    public Path home() {
        return Path.of(variables.getOrDefault("HOME", "/"));
    }

    /** A directory of the XDG base directory specification; an empty variable counts as none. */
    public Path xdg(String variable, String underHome) {
        String configured = variables.getOrDefault(variable, "");
        return configured.isEmpty() ? home().resolve(underHome) : Path.of(configured);
    }

    /** Where p11-kit-client.so looks, unless P11_KIT_SERVER_ADDRESS names another place. */
    public Path p11KitSocket() {
        String address = variables.getOrDefault("P11_KIT_SERVER_ADDRESS", "");
        if (address.startsWith("unix:path=")) {
            return Path.of(address.substring("unix:path=".length()).split(";", 2)[0]);
        }
        String runtime = variables.getOrDefault("XDG_RUNTIME_DIR", "");
        Path directory = runtime.isEmpty() ? root.resolve("run/user/" + ownUid()) : Path.of(runtime);
        return directory.resolve("p11-kit/pkcs11");
    }

    private static String ownUid() {
        try {
            return String.valueOf(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException | UnsupportedOperationException unknown) {
            return "0";
        }
    }

    /** p11-kit's client module, wherever this distribution has it. */
    public Optional<Path> clientModule() {
        return library("pkcs11/" + CLIENT);
    }

    public static boolean isClientModule(String library) {
        return library.equals(CLIENT) || library.endsWith("/" + CLIENT);
    }

    /** A file below {@code /usr/lib}, {@code /usr/lib64} or {@code /usr/lib/ARCHITECTURE}. */
    public Optional<Path> library(String name) {
        Path libraries = root.resolve("usr/lib");
        return Stream.of(Stream.of(root.resolve("usr/lib64"), libraries), directories(libraries).stream())
                .flatMap(places -> places)
                .map(place -> place.resolve(name))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    public Optional<Path> program(String name) {
        for (String directory : variables.getOrDefault("PATH", "/usr/bin").split(":", -1)) {
            Path candidate = Path.of(directory.isEmpty() ? "." : directory, name);
            if (Files.isExecutable(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    /** The directories in a directory, by name; none where it does not exist or may not be read. */
    public static List<Path> directories(Path directory) {
        try (Stream<Path> inside = Files.list(directory)) {
            return inside.filter(Files::isDirectory)
                    .sorted(Comparator.naturalOrder())
                    .toList();
        } catch (IOException absent) {
            return List.of();
        }
    }

    /** The lines of a text file; none where it does not exist or may not be read. */
    public static List<String> lines(Path file) {
        try {
            return Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1)
                    .lines()
                    .map(String::strip)
                    .toList();
        } catch (IOException absent) {
            return List.of();
        }
    }
}
