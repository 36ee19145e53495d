package org.tokend.tokenctl.command;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.tokend.smime.profile.Profile;
import org.tokend.smime.profile.ProfileStore;
import org.tokend.tokenctl.output.Environment;
import org.tokend.tokenctl.output.ExitStatus;
import org.tokend.tokenctl.output.Json;
import org.tokend.tokenctl.output.Table;
import picocli.CommandLine.Command;

@Command(name = "list", description = "Lists the profiles.")
final class ProfileListCommand implements Callable<Integer> {

    private final RootCommand root;

    ProfileListCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws IOException {
        Environment environment = root.environment();
        ProfileStore store = MailSetup.profiles(environment);
        List<Profile> all = new ArrayList<>();
        for (String name : store.names()) {
            all.add(store.read(name));
        }
        if (root.json()) {
            Json.print(environment.out(), json -> {
                json.writeArrayFieldStart("profiles");
                for (Profile each : all) {
                    json.writeStartObject();
                    write(json, each);
                    json.writeEndObject();
                }
                json.writeEndArray();
            });
            return ExitStatus.OK.code();
        }
        Table table = new Table("PROFILE", "SIGN", "ENCRYPT", "ALGORITHM", "CIPHER");
        all.forEach(each -> table.row(
                each.name(),
                Objects.toString(each.sign(), "-"),
                Objects.toString(each.encrypt(), "-"),
                Objects.toString(each.algorithm(), "-"),
                Objects.toString(each.cipher(), "-")));
        table.print(environment.out(), environment.outIsTerminal(), environment.coloursOnOut());
        return ExitStatus.OK.code();
    }

    static void write(JsonGenerator json, Profile profile) throws IOException {
        json.writeStringField("name", profile.name());
        json.writeStringField("sign", profile.sign());
        json.writeStringField("encrypt", profile.encrypt());
        json.writeStringField("algorithm", profile.algorithm());
        json.writeStringField("cipher", profile.cipher());
        Boolean headers = profile.headers();
        json.writeStringField("headerProtection", headers == null ? null : headers ? "on" : "off");
    }
}
