package org.tokend.daemon.access;

/**
 * The program at the other end of a connection, by the kernel's word alone.
 *
 * @param pid 0 when unknown, as for connections accepted through an inherited socket
 * @param program absolute path of the executable by /proc/PID/exe, or {@code unknown}; shown to people, never the only
 *     ground for a grant, since a pid can be used again
 * @param sandbox whether the program runs confined
 * @param front where it came in
 */
public record Caller(int uid, int gid, int pid, String program, Sandbox sandbox, Front front) {

    /** Program name when /proc does not tell. */
    public static final String UNKNOWN_PROGRAM = "unknown";

    /** How far the caller is separated from the rest of the user's session. */
    public enum Sandbox {
        NONE,
        /** In another user or mount namespace, or in a Flatpak or Snap. */
        CONFINED,
        /** Cannot be told: treated as confined where it matters. */
        UNKNOWN
    }
}
