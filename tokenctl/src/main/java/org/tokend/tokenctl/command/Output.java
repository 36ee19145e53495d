package org.tokend.tokenctl.command;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.tokend.smime.Spool;
import org.tokend.tokenctl.output.Environment;
import org.tokend.tokenctl.output.OutputFile;

/** Where a command writes its result: a file that appears whole, or standard output, which gets all or nothing too. */
record Output(@Nullable Path file, OutputFile.Access access, Environment environment) {

    static Output of(@Nullable Path name, OutputFile.Access access, Environment environment) {
        boolean standard = name == null || name.toString().equals("-");
        return new Output(standard ? null : name, access, environment);
    }

    boolean isStandard() {
        return file == null;
    }

    void write(OutputFile.Content content) throws IOException {
        Path target = file;
        if (target != null) {
            OutputFile.write(target, access, content);
            return;
        }
        // Half a mail in a pipe to sendmail would be sent.
        try (Spool spool = new Spool(environment.temporaryDirectory())) {
            content.writeTo(spool);
            spool.writeTo(environment.out());
        }
        environment.out().flush();
        if (environment.out().checkError()) {
            throw new IOException("standard output was closed before everything was written");
        }
    }
}
