package org.tokend.tokenctl;

import org.tokend.tokenctl.command.RootCommand;
import org.tokend.tokenctl.output.Environment;

/** Where the command starts. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        Preparation.begin();
        Environment environment = Environment.ofProcess();
        int exitCode = RootCommand.commandLine(environment, arguments).execute(arguments);
        environment.out().flush();
        System.exit(exitCode);
    }
}
