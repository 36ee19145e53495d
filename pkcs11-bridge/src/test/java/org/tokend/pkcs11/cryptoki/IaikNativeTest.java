package org.tokend.pkcs11.cryptoki;

import static org.assertj.core.api.Assertions.assertThat;

import iaik.pkcs.pkcs11.wrapper.PKCS11Implementation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The wrapper's native library")
class IaikNativeTest {
    @TempDir
    Path directory;

    /** What the child runs: says where the library was mapped from. */
    static final class Child {
        private Child() {}

        public static void main(String[] arguments) throws IOException {
            IaikNative.ensureLoaded();
            Files.readAllLines(Path.of("/proc/self/maps")).stream()
                    .filter(mapping -> mapping.contains("libpkcs11wrapper"))
                    .map(mapping -> mapping.substring(mapping.indexOf('/')))
                    .distinct()
                    .forEach(System.out::println);
        }
    }

    private static String run(String... options) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Child.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said.strip();
    }

    @DisplayName("comes from java.library.path, and nothing is unpacked")
    @Test
    void fromLibraryPath() throws Exception {
        Path installed = directory.resolve("libpkcs11wrapper.so");
        String architecture = System.getProperty("os.arch").equals("amd64") ? "x86_64" : "aarch64";
        try (InputStream library = PKCS11Implementation.class.getResourceAsStream(
                "/natives/unix/linux-" + architecture + "/release/libpkcs11wrapper.so")) {
            Files.copy(library, installed);
        }
        Path temporary = Files.createDirectory(directory.resolve("tmp"));
        assertThat(run("-Djava.library.path=" + directory, "-Djava.io.tmpdir=" + temporary))
                .isEqualTo(installed.toString());
        assertThat(temporary).isEmptyDirectory();
    }

    @DisplayName("is else unpacked into a directory of its own, and leaves nothing behind")
    @Test
    void unpacked() throws Exception {
        assertThat(run("-Djava.io.tmpdir=" + directory))
                .startsWith(directory + "/tokend-")
                .endsWith("/libpkcs11wrapper.so (deleted)");
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left.filter(file -> !file.getFileName().toString().startsWith("hsperfdata")))
                    .isEmpty();
        }
    }
}
