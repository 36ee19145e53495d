package org.tokend.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.tokend.fixtures.keys.TestCa;

/**
 * {@code server.example.org} as the documentation names it: an sshd that lets the token's keys in, and a web server that wants
 * a client certificate. What leads there is what a person has in a configuration file.
 */
final class ExampleServers implements AutoCloseable {
    static final String NAME = "server.example.org";

    private final SshServer ssh;
    private final LoopbackServer tls;

    ExampleServers(Programs programs, TestCa ca) throws IOException, InterruptedException {
        ssh = SshServer.start(
                programs,
                programs.succeeds(
                        "ssh-keygen", "-D", ApplicationDesk.clientModule().toString()));
        tls = TlsServer.start(programs, ca, NAME);
        Files.writeString(programs.file(".curlrc"), "connect-to = \"" + NAME + ":443:127.0.0.1:" + tls.port() + "\"\n");
        Path configuration = Files.writeString(programs.file("ssh_config"), ssh.clientConfiguration(NAME));
        // ssh looks for its configuration in the home directory of the user database, whatever HOME says.
        programs.script("ssh", "exec /usr/bin/ssh -F " + configuration + " \"$@\"");
    }

    @Override
    public void close() throws IOException {
        tls.close();
        ssh.close();
    }
}
