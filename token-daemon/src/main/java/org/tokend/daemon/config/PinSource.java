package org.tokend.daemon.config;

import java.nio.file.Path;

/** Where the PIN of an unattended token lies. Only ever a place, never the PIN. */
public sealed interface PinSource {
    /** A file in $CREDENTIALS_DIRECTORY, as systemd's LoadCredential= puts it there. */
    record Credential(String name) implements PinSource {}

    record File(Path path) implements PinSource {}
}
