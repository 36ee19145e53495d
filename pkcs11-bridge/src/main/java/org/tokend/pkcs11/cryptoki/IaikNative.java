package org.tokend.pkcs11.cryptoki;

import iaik.pkcs.pkcs11.wrapper.PKCS11Implementation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Loads the wrapper's native library once: from {@code java.library.path}, where the distribution has it, or else out of the
 * jar through a directory that nobody else can enter. The wrapper's own loader writes into the shared temporary directory,
 * where a name can be squatted.
 */
final class IaikNative {
    private static final String LIBRARY = "pkcs11wrapper";

    static {
        link();
        PKCS11Implementation.initializeLibrary();
    }

    private IaikNative() {}

    /** Returns when the native methods can be called. */
    static void ensureLoaded() {
        // The work is done by the class initialiser, once and for all threads.
    }

    private static void link() {
        try {
            System.loadLibrary(LIBRARY);
        } catch (UnsatisfiedLinkError notOnThePath) {
            linkFromJar();
        }
    }

    private static void linkFromJar() {
        String name = System.mapLibraryName(LIBRARY);
        String resource = "/natives/unix/linux-" + architecture() + "/release/" + name;
        try (InputStream in = PKCS11Implementation.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new UnsatisfiedLinkError("ipkcs11wrapper has no native library for " + architecture());
            }
            Path directory = Files.createTempDirectory(
                    "tokend-", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Path file = directory.resolve(name);
            try {
                Files.copy(in, file);
                System.load(file.toString());
            } finally {
                // The mapping outlives the name.
                Files.deleteIfExists(file);
                Files.delete(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot unpack " + name + " into " + System.getProperty("java.io.tmpdir"), e);
        }
    }

    private static String architecture() {
        String architecture = System.getProperty("os.arch");
        return architecture.equals("amd64") ? "x86_64" : architecture;
    }
}
