package org.tokend.benchmarks.rig;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.tokend.fixtures.daemon.DaemonFixture;
import org.tokend.fixtures.daemon.ModuleEntry;
import org.tokend.fixtures.softhsm.SoftHsmToken;

/** The daemon in front of one token, once for each setting, started when first asked for. */
final class Daemons implements AutoCloseable {
    /** Clients of one program, and more of them than anybody has at rest. */
    private static final String MANY = "1200";

    private final Path home;
    private final SoftHsmToken token;
    private final Path pinFile;
    private final Map<Setting, DaemonFixture> running = new EnumMap<>(Setting.class);

    Daemons(Path home, SoftHsmToken token, Path pinFile) {
        this.home = home;
        this.token = token;
        this.pinFile = pinFile;
    }

    DaemonFixture of(Setting setting) {
        return running.computeIfAbsent(setting, wanted -> configure(wanted).start());
    }

    DaemonFixture.Builder configure(Setting setting) {
        return DaemonFixture.builder()
                .installation(home)
                .module(ModuleEntry.of("softhsm", token).with("isolation", "\"" + setting.isolation() + "\""))
                .daemon("verify-signatures", Boolean.toString(setting.verifies()))
                .daemon("max-connections", MANY)
                .daemon("max-connections-per-program", MANY)
                .pin("idle-lock", "\"2h\"")
                .tables("[p11kit]\nmax-connections = " + MANY + "\nmax-connections-per-program = " + MANY + "\n")
                .tables("[[token]]\nuri = \"" + token.uri() + "\"\npin-source = \"file:" + pinFile + "\"\n");
    }

    @Override
    public void close() {
        running.values().forEach(DaemonFixture::close);
        running.clear();
    }
}
