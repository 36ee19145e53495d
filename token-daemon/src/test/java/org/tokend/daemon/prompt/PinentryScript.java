package org.tokend.daemon.prompt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** A pinentry of a few shell lines, which writes down its environment and every line that it is sent. */
final class PinentryScript {
    private final Path program;
    private final Path log;
    private final Path environment;

    /** @param answers shell lines that answer GETPIN and CONFIRM */
    PinentryScript(Path directory, String answers) throws IOException {
        program = directory.resolve("pinentry");
        log = directory.resolve("commands");
        environment = directory.resolve("environment");
        Files.writeString(program, """
                #!/bin/sh
                env > %s
                printf 'OK Pleased to meet you\\n'
                while IFS= read -r line; do
                  printf '%%s\\n' "$line" >> %s
                  case "$line" in
                    GETPIN|CONFIRM*)
                      %s
                      ;;
                    'GETINFO flavor') printf 'D test\\nOK\\n' ;;
                    BYE) printf 'OK closing connection\\n'; exit 0 ;;
                    *) printf 'OK\\n' ;;
                  esac
                done
                """.formatted(environment, log, answers));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }

    Path program() {
        return program;
    }

    List<String> commands() throws IOException {
        return Files.exists(log) ? Files.readAllLines(log) : List.of();
    }

    String environment() throws IOException {
        return Files.readString(environment);
    }
}
