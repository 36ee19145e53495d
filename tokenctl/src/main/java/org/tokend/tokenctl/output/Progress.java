package org.tokend.tokenctl.output;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.tokend.protocol.Reply;

/** Says on standard error what a call waits for. */
public final class Progress implements Consumer<Reply.Event> {

    private final Environment environment;
    private final boolean json;

    public Progress(Environment environment, boolean json) {
        this.environment = environment;
        this.json = json;
    }

    @Override
    public void accept(Reply.Event event) {
        if (json) {
            environment.err().println(EventText.json(event));
            return;
        }
        String token = token(event.token());
        String line = switch (event.kind()) {
            case WAITING_FOR_PIN -> "Enter the PIN on the prompt" + token + ".";
            case USE_PIN_PAD -> "Enter the PIN on the card reader" + token + ".";
            case WAITING_FOR_TOUCH -> "Touch the token" + token + ".";
            default -> event.message();
        };
        environment.err().println(Safe.text(line));
    }

    private static String token(@Nullable String uri) {
        return uri == null ? "" : " for token " + EventText.label(uri);
    }
}
