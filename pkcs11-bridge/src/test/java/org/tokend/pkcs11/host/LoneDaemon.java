package org.tokend.pkcs11.host;

import java.nio.file.Path;
import java.util.Map;

/** A program that does nothing but have a host, tells its process number, and waits to be killed. */
final class LoneDaemon {
    private LoneDaemon() {}

    public static void main(String[] arguments) throws Exception {
        RememberingLog log = new RememberingLog();
        ModuleSettings settings =
                ModuleSettings.of("soft", Path.of(arguments[0])).withEnvironment(Map.of("SOFTHSM2_CONF", arguments[1]));
        try (IsolatedModule module = new IsolatedModule(settings, log)) {
            module.connect().close();
            System.out.println(log.pid());
            int ignored = System.in.read();
        }
    }
}
