package org.tokend.daemon.transport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Whose programs may connect at all. The rights of the socket file say the same; this holds when somebody has changed them.
 *
 * @param ownUid who we are
 * @param allowRoot whether uid 0 may connect to a daemon that is not root
 * @param allowedGroup whose members may connect as well
 */
public record PeerPolicy(int ownUid, boolean allowRoot, OptionalInt allowedGroup) {

    /** Why the peer may not connect, or empty when it may. */
    Optional<String> refusal(PeerCredentials peer) {
        if (peer.uid() == ownUid) {
            return Optional.empty();
        }
        if (peer.uid() == 0) {
            return allowRoot ? Optional.empty() : Optional.of("root is not allowed, see allow-root");
        }
        if (allowedGroup.isPresent() && isMember(peer, allowedGroup.getAsInt())) {
            return Optional.empty();
        }
        return Optional.of("uid " + peer.uid() + " is not uid " + ownUid);
    }

    private static boolean isMember(PeerCredentials peer, int group) {
        return peer.gid() == group || supplementaryGroups(peer.pid()).contains(Integer.toString(group));
    }

    private static List<String> supplementaryGroups(int pid) {
        try (var lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(line -> line.startsWith("Groups:"))
                    .flatMap(line -> Arrays.stream(
                            line.substring("Groups:".length()).trim().split("\\s+", -1)))
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
