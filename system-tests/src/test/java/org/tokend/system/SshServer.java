package org.tokend.system;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** An sshd of the test's own on a loopback port that lets in who runs the test, with the keys that it is given. */
final class SshServer implements AutoCloseable {
    /** Compiled into Debian's sshd, which insists on it when root starts it; otherwise the service makes it. */
    private static final Path SEPARATION = Path.of("/run/sshd");

    private final Programs programs;
    private final LoopbackServer server;
    private final boolean madeSeparation;

    private SshServer(Programs programs, String keys) throws IOException, InterruptedException {
        this.programs = programs;
        programs.succeeds("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "hostkey");
        Path authorized = Files.writeString(programs.file("authorized_keys"), keys);
        Files.setPosixFilePermissions(authorized, PosixFilePermissions.fromString("rw-------"));
        int port = freePort();
        Path configuration = Files.writeString(
                programs.file("sshd_config"), """
                Port %d
                ListenAddress 127.0.0.1
                HostKey %s
                PidFile none
                AuthorizedKeysFile %s
                PasswordAuthentication no
                KbdInteractiveAuthentication no
                UsePAM no
                StrictModes no
                PermitRootLogin prohibit-password
                LogLevel VERBOSE
                """.formatted(port, programs.file("hostkey"), authorized));
        Files.writeString(
                programs.file("known_hosts"),
                "[127.0.0.1]:" + port + " " + Files.readString(programs.file("hostkey.pub")));
        madeSeparation = isRoot() && !Files.exists(SEPARATION);
        if (madeSeparation) {
            Files.createDirectory(
                    SEPARATION, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        }
        server = LoopbackServer.start(
                programs.program("/usr/sbin/sshd", "-D", "-e", "-f", configuration.toString()),
                "Server listening on 127.0.0.1 port (\\d+)");
    }

    static SshServer start(Programs programs, String keys) throws IOException, InterruptedException {
        return new SshServer(programs, keys);
    }

    private static boolean isRoot() throws IOException {
        return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    }

    /** sshd does not say which port it got for 0. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** What a person would have in a configuration file to reach the server under this name. */
    String clientConfiguration(String host) {
        return """
                Host %s
                  HostName 127.0.0.1
                  HostKeyAlias [127.0.0.1]:%d
                  Port %d
                  User %s
                  UserKnownHostsFile %s
                  StrictHostKeyChecking yes
                """.formatted(
                host, server.port(), server.port(), System.getProperty("user.name"), programs.file("known_hosts"));
    }

    /** A client with these options, which runs a command on the server. */
    ProcessBuilder login(String... options) throws IOException {
        Path configuration = Files.writeString(programs.file("ssh_config"), clientConfiguration("server"));
        List<String> command = new ArrayList<>(List.of("ssh", "-F", configuration.toString()));
        command.addAll(List.of(options));
        command.addAll(List.of("-o", "IdentityAgent=none", "server", "echo logged in"));
        return programs.program(command.toArray(String[]::new));
    }

    String log() {
        return server.log();
    }

    @Override
    public void close() throws IOException {
        server.close();
        if (madeSeparation) {
            Files.delete(SEPARATION);
        }
    }
}
