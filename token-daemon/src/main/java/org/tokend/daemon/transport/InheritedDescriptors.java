package org.tokend.daemon.transport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tokend.pkcs11.linux.Descriptor;

/**
 * What systemd hands over besides the standard streams (sd_listen_fds(3)): sockets that listen, and connections from its
 * descriptor store, each with a name.
 */
public final class InheritedDescriptors {
    private static final int FIRST = 3;
    private static final int MOST = 65_536;

    private final List<String> names;

    private InheritedDescriptors(List<String> names) {
        this.names = names;
    }

    /** @param pid our own; what is for another process is not ours */
    public static InheritedDescriptors of(Map<String, String> environment, long pid) {
        String count = environment.getOrDefault("LISTEN_FDS", "");
        List<String> names = new ArrayList<>();
        if (environment.getOrDefault("LISTEN_PID", "").equals(Long.toString(pid)) && count.matches("[0-9]{1,5}")) {
            String[] given = environment.getOrDefault("LISTEN_FDNAMES", "").split(":", -1);
            int number = Math.min(Integer.parseInt(count), MOST);
            for (int i = 0; i < number; i++) {
                names.add(i < given.length ? given[i] : "");
                Descriptor.closeOnExec(FIRST + i);
            }
        }
        return new InheritedDescriptors(names);
    }

    /** The numbers of all that have one name. */
    public List<Integer> named(String name) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).equals(name)) {
                numbers.add(FIRST + i);
            }
        }
        return numbers;
    }

    /** The socket with the name, or with the name of the unit that systemd gives one by default. */
    public Optional<InheritedSocket> socket(String... anyOf) {
        for (String name : anyOf) {
            for (int number : named(name)) {
                return Optional.of(new InheritedSocket(number, pathOf(number)));
            }
        }
        return Optional.empty();
    }

    /** Where a socket is bound, by the kernel's list of them. */
    private static String pathOf(int number) {
        String unknown = "descriptor " + number;
        try (var sockets = Files.lines(Path.of("/proc/net/unix"))) {
            String link =
                    Files.readSymbolicLink(Path.of("/proc/self/fd/" + number)).toString();
            String inode = link.replaceAll("[^0-9]", "");
            return sockets.map(line -> line.trim().split("\\s+", 8))
                    .filter(fields -> fields.length == 8 && fields[6].equals(inode))
                    .map(fields -> fields[7])
                    .findFirst()
                    .orElse(unknown);
        } catch (IOException e) {
            return unknown;
        }
    }
}
