package org.tokend.daemon.transport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Which executable a process runs, by /proc. */
final class PeerProgram {
    static final String UNKNOWN = "unknown";

    private PeerProgram() {}

    static String of(int pid) {
        if (pid <= 0) {
            return UNKNOWN;
        }
        try {
            return Files.readSymbolicLink(Path.of("/proc/" + pid + "/exe")).toString();
        } catch (IOException e) {
            return UNKNOWN;
        }
    }
}
