package org.tokend.tokenctl.command;

import java.io.PrintStream;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.tokend.client.TokenClient;
import org.tokend.protocol.Reply;
import org.tokend.tokenctl.output.EventText;
import org.tokend.tokenctl.output.Safe;
import picocli.CommandLine.Command;

@Command(
        name = "watch",
        description =
                "Shows what happens to the tokens, as it happens, until it is interrupted. With --json, one object"
                        + " on each line.")
final class WatchCommand implements Runnable {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

    private final RootCommand root;

    WatchCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public void run() {
        PrintStream out = root.environment().out();
        try (TokenClient client = root.connect()) {
            client.watch(event -> {
                out.println(root.json() ? EventText.json(event) : line(event));
                out.flush();
            });
        }
    }

    private static String line(Reply.Event event) {
        String token = event.token();
        String time = TIME.format(event.time().atZone(ZoneId.systemDefault()));
        String which = token == null ? "" : " " + EventText.label(token);
        return Safe.text(time + " " + event.kind().wireName() + which + ": " + event.message());
    }
}
