package org.tokend.smime.mime;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Bytes that can be read more than once, because signing needs to look before it writes. */
@FunctionalInterface
public interface Source {

    InputStream open() throws IOException;

    static Source of(Path file) {
        return () -> new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    }

    static Source of(byte[] bytes) {
        return () -> new ByteArrayInputStream(bytes);
    }
}
