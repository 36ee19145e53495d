package org.tokend.pkcs11.discovery;

import java.nio.file.Path;

/**
 * Something that was left out, or looks wrong, and why.
 *
 * @param line counted from 1; 0 when the whole file is meant
 */
public record DiscoveryNote(Path file, int line, String text) {
    @Override
    public String toString() {
        return line == 0 ? file + ": " + text : file + ":" + line + ": " + text;
    }
}
