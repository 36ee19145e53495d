package org.tokend.pkcs11.discovery;

import java.nio.file.Path;

/**
 * Something that was left out, or looks wrong, and why.
 *
 * @param line counted from 1; 0 when the whole file is meant
 * @param asMeant the configuration says so; otherwise somebody should put something right
 */
public record DiscoveryNote(Path file, int line, String text, boolean asMeant) {
    static DiscoveryNote problem(Path file, int line, String text) {
        return new DiscoveryNote(file, line, text, false);
    }

    @Override
    public String toString() {
        return line == 0 ? file + ": " + text : file + ":" + line + ": " + text;
    }
}
