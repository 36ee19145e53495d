package org.tokend.smime.mime;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Bytes that can be read more than once, because signing needs to look before it writes. */
@FunctionalInterface
public interface Source {

    InputStream open() throws IOException;

    /** Writes all of it. */
    default void writeTo(OutputStream out) throws IOException {
        try (InputStream in = open()) {
            in.transferTo(out);
        }
    }

    /** The buffer is for those who read octets: it lets larger reads through. */
    static Source of(Path file) {
        return () -> new BufferedInputStream(Files.newInputStream(file));
    }

    static Source of(byte[] bytes) {
        return () -> new ByteArrayInputStream(bytes);
    }
}
