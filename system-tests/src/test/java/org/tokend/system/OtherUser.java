package org.tokend.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.tokend.fixtures.daemon.CommandResult;

/**
 * The user nobody. Becoming another user takes root, which CI is; a person who is not skips these tests, CI never does.
 */
final class OtherUser {
    static final int UID = 65534;

    private OtherUser() {}

    static void needsRoot() {
        boolean root = new com.sun.security.auth.module.UnixSystem().getUid() == 0;
        boolean inCi = System.getenv("CI") != null;
        Assumptions.assumeTrue(root || inCi, "becoming another user takes root");
    }

    static String[] become() {
        return new String[] {
            "setpriv", "--reuid", Integer.toString(UID), "--regid", Integer.toString(UID), "--clear-groups", "--"
        };
    }

    static CommandResult run(String... command) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(become()));
        line.addAll(List.of(command));
        return execute(line);
    }

    static void own(Path directory) throws IOException, InterruptedException {
        CommandResult result = execute(List.of("chown", "-R", UID + ":" + UID, directory.toString()));
        if (result.status() != 0) {
            throw new IOException(result.output());
        }
    }

    /** @return standard output and standard error together */
    static CommandResult execute(List<String> line) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new CommandResult(process.waitFor(), output, "");
    }
}
