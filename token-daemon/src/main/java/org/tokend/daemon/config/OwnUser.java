package org.tokend.daemon.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Who this process is to the kernel. */
public final class OwnUser {
    private OwnUser() {}

    /**
     * The effective uid. Read from /proc/self/status and not from the owner of /proc/self, which becomes root once the
     * process has forbidden its inspection.
     */
    public static int uid() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("Uid:")) {
                    return Integer.parseInt(line.split("\\s+", -1)[2]);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("/proc must be mounted for tokend to run", e);
        }
        throw new IllegalStateException("/proc/self/status has no Uid line");
    }
}
