package org.tokend.daemon;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Function;
import org.tokend.daemon.config.Configuration;
import org.tokend.daemon.config.PinSettings;
import org.tokend.daemon.config.PinSource;
import org.tokend.daemon.config.TokenSettings;
import org.tokend.daemon.prompt.AskPasswordPrompt;
import org.tokend.daemon.prompt.CredentialPrompt;
import org.tokend.daemon.prompt.PinPrompt;
import org.tokend.daemon.prompt.PinentryPrompt;
import org.tokend.daemon.prompt.PromptEnvironment;
import org.tokend.daemon.unlock.UnlockSettings;
import org.tokend.pkcs11.token.Token;

/** How each token is unlocked: a table of its own, or what holds for all. */
final class Prompts implements Function<Token, UnlockSettings> {
    private final Configuration configuration;
    private final Map<String, String> environment;
    private final int uid;
    private final List<PinPrompt> people;

    Prompts(Configuration configuration, Map<String, String> environment, int uid) {
        this.configuration = configuration;
        this.environment = environment;
        this.uid = uid;
        PromptEnvironment variables = new PromptEnvironment(environment);
        this.people = configuration.pin().prompts().stream()
                .map(kind -> switch (kind) {
                    case PINENTRY -> new PinentryPrompt(configuration.pin().pinentry(), variables);
                    case ASK_PASSWORD -> new AskPasswordPrompt(variables);
                })
                .toList();
    }

    @Override
    public UnlockSettings apply(Token token) {
        PinSettings pin = configuration.pin();
        TokenSettings own = configuration.tokens().stream()
                .filter(settings -> token.identity().matches(settings.uri().ofToken()))
                .findFirst()
                .orElse(null);
        if (own == null) {
            return new UnlockSettings(
                    people, pin.promptTimeout(), pin.idleLock(), pin.absoluteLock(), OptionalInt.empty());
        }
        return new UnlockSettings(
                own.pinSource() == null ? people : fileFirst(own.pinSource()),
                pin.promptTimeout(),
                own.idleLock() == null ? pin.idleLock() : own.idleLock(),
                own.absoluteLock() == null ? pin.absoluteLock() : own.absoluteLock(),
                own.pinTries() == null ? OptionalInt.empty() : OptionalInt.of(own.pinTries()));
    }

    /** People come after the file: when its PIN is wrong or must not be used, somebody can still put it right. */
    private List<PinPrompt> fileFirst(PinSource source) {
        List<PinPrompt> prompts = new ArrayList<>();
        prompts.add(new CredentialPrompt(source, environment, uid));
        prompts.addAll(people);
        return prompts;
    }
}
