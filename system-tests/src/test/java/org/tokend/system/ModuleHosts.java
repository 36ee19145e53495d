package org.tokend.system;

import java.util.List;
import org.tokend.fixtures.daemon.DaemonFixture;

/** The module hosts of a daemon, by their processes. */
final class ModuleHosts {
    private ModuleHosts() {}

    static List<ProcessHandle> of(DaemonFixture daemon) {
        return daemon.children().stream()
                .filter(ProcessHandle::isAlive)
                .filter(child -> child.info().commandLine().orElse("").contains("org.tokend.pkcs11.host.ModuleHost"))
                .toList();
    }
}
