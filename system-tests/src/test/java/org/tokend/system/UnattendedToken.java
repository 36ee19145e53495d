package org.tokend.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.tokend.fixtures.FixtureDirectory;
import org.tokend.fixtures.daemon.DaemonFixture;
import org.tokend.fixtures.daemon.ModuleEntry;
import org.tokend.fixtures.fault.FaultModule;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.fixtures.softhsm.SoftHsmToken;

/** A token with one P-256 key, behind a module that goes wrong when told, whose PIN the daemon finds in a file. */
record UnattendedToken(SoftHsmToken token, FaultModule faults, FixtureDirectory directory) implements AutoCloseable {

    static UnattendedToken create(String label) throws IOException {
        SoftHsmToken token = SoftHsmToken.create(label);
        token.importKey(TestKey.P256_A.keyPair(), label + "-key");
        FixtureDirectory directory = FixtureDirectory.create("pin-");
        Path pin = directory.resolve("pin");
        Files.write(pin, token.pinBytes());
        Files.setPosixFilePermissions(pin, PosixFilePermissions.fromString("rw-------"));
        return new UnattendedToken(token, FaultModule.over(token), directory);
    }

    /** The key's name in requests. */
    String key() {
        return "pkcs11:object=" + token.label() + "-key";
    }

    ModuleEntry module() {
        return ModuleEntry.of(token.label(), faults);
    }

    void addTo(DaemonFixture.Builder daemon) {
        addTo(daemon, module());
    }

    void addTo(DaemonFixture.Builder daemon, ModuleEntry module) {
        daemon.module(module);
        daemon.tables("[[token]]\nuri = \"pkcs11:token=" + token.label() + "\"\npin-source = \"file:"
                + directory.resolve("pin") + "\"");
    }

    @Override
    public void close() {
        faults.close();
        token.close();
        directory.close();
    }
}
