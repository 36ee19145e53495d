package org.tokend.tokenctl.command;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tokend.client.TokenClient;
import org.tokend.protocol.KeyDescription;
import org.tokend.smime.certificate.CertifiedKey;
import org.tokend.smime.profile.Profile;
import org.tokend.smime.profile.ProfileCheck;
import org.tokend.smime.profile.ProfileException;
import org.tokend.tokenctl.output.ExitStatus;
import org.tokend.tokenctl.output.Json;
import org.tokend.tokenctl.output.Safe;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "show",
        description = "Shows a profile, and says whether it can be used now. Exit code 0 only if it can.")
final class ProfileShowCommand implements Callable<Integer> {

    private static final String OPEN = "not chosen";

    private final RootCommand root;

    @Parameters(paramLabel = "NAME", description = "As \"tokenctl profile list\" shows it.")
    private String name = "";

    ProfileShowCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws IOException {
        Profile profile = MailSetup.profiles(root.environment()).read(name);
        List<KeyDescription> present;
        try (TokenClient client = root.connect()) {
            present = client.listKeys(null);
        }
        Optional<ProfileException> problem = problem(profile, present);
        if (root.json()) {
            writeJson(profile, problem);
        } else {
            print(profile, present, problem);
        }
        return (problem.isEmpty() ? ExitStatus.OK : ExitStatus.NOT_PROVEN).code();
    }

    private Optional<ProfileException> problem(Profile profile, List<KeyDescription> present) {
        try {
            new ProfileCheck(present, root.environment().clock(), new OwnReputation(root.environment()))
                    .require(profile);
            return Optional.empty();
        } catch (ProfileException unusable) {
            return Optional.of(unusable);
        }
    }

    private void print(Profile profile, List<KeyDescription> present, Optional<ProfileException> problem) {
        PrintStream out = root.environment().out();
        line(out, "profile", profile.name());
        line(out, "sign", certificate(profile.sign(), present));
        line(out, "encrypt", certificate(profile.encrypt(), present));
        line(out, "algorithm", Optional.ofNullable(profile.algorithm()).orElse(OPEN));
        line(out, "cipher", Optional.ofNullable(profile.cipher()).orElse(OPEN));
        Boolean headers = profile.headers();
        line(out, "header protection", headers == null ? OPEN : headers ? "on" : "off");
        line(
                out,
                "usable",
                problem.map(each -> "no: " + each.reason() + ": " + each.getMessage())
                        .orElse("yes"));
    }

    private static void line(PrintStream out, String name, String value) {
        out.println(Safe.text(name + ": " + value));
    }

    private static String certificate(@Nullable String fingerprint, List<KeyDescription> present) {
        if (fingerprint == null) {
            return OPEN;
        }
        return CertifiedKey.stream(present)
                .filter(each -> each.certificate().fingerprint().equals(fingerprint))
                .findFirst()
                .map(each -> each.certificate().describe() + ", valid until "
                        + each.certificate().notAfter() + ", " + each.key().uri())
                .orElse(fingerprint + ", on no token that is here");
    }

    private void writeJson(Profile profile, Optional<ProfileException> problem) {
        Json.print(root.environment().out(), json -> {
            ProfileListCommand.write(json, profile);
            json.writeBooleanField("usable", problem.isEmpty());
            json.writeStringField(
                    "problem",
                    problem.map(each -> each.reason() + ": " + each.getMessage())
                            .orElse(null));
        });
    }
}
