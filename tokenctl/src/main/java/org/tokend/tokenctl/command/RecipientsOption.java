package org.tokend.tokenctl.command;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.tokend.smime.RecipientStore;
import org.tokend.tokenctl.output.Environment;
import picocli.CommandLine.Option;

/** Where the certificates of correspondents are. */
final class RecipientsOption {

    @Option(
            names = "--recipients",
            paramLabel = "DIRECTORY",
            description =
                    "Where certificates of correspondents are kept. Otherwise" + " $XDG_DATA_HOME/tokend/recipients.")
    private @Nullable Path directory;

    RecipientStore store(Environment environment) {
        Path named = directory;
        return new RecipientStore(named != null ? named : usual(environment), environment.clock());
    }

    private static Path usual(Environment environment) {
        String data = environment.variables().getOrDefault("XDG_DATA_HOME", "");
        String home = environment.variables().getOrDefault("HOME", "");
        Path base = data.isEmpty() ? Path.of(home.isEmpty() ? "/" : home, ".local", "share") : Path.of(data);
        return base.resolve("tokend").resolve("recipients");
    }
}
