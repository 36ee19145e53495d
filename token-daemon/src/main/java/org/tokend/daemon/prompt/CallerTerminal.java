package org.tokend.daemon.prompt;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The terminal of a program by the kernel's word: its controlling terminal from /proc/PID/stat, if program and terminal
 * belong to the same user. What a program says of itself (TTY names, its environment) is never used, since it could point a
 * prompt at somebody else's terminal.
 */
public final class CallerTerminal {
    /** tty_nr is the fifth field after the name, counted from the state (proc_pid_stat(5)). */
    private static final int TTY_FIELD = 4;

    private static final int PTS_MAJOR_FIRST = 136;
    private static final int PTS_MAJOR_LAST = 143;
    private static final int CONSOLE_MAJOR = 4;
    private static final int SERIAL_FIRST = 64;

    private final Path proc;
    private final Path devices;

    public CallerTerminal() {
        this(Path.of("/proc"), Path.of("/dev"));
    }

    CallerTerminal(Path proc, Path devices) {
        this.proc = proc;
        this.devices = devices;
    }

    /** @param uid the user that the program must run as, and that the terminal must belong to */
    public Optional<Path> of(int pid, int uid) {
        if (pid <= 0) {
            return Optional.empty();
        }
        try {
            Path process = proc.resolve(Integer.toString(pid));
            int device = controllingTerminal(Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1));
            if (device == 0 || !runsAs(process, uid)) {
                return Optional.empty();
            }
            return path(device).filter(terminal -> isTerminal(terminal, device, uid));
        } catch (IOException e) {
            return Optional.empty(); // The program is gone.
        }
    }

    static int controllingTerminal(String stat) {
        // The name in parentheses may itself hold blanks and parentheses.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
        return fields.length > TTY_FIELD ? Integer.parseInt(fields[TTY_FIELD]) : 0;
    }

    private static boolean runsAs(Path process, int uid) throws IOException {
        return Files.readAllLines(process.resolve("status"), StandardCharsets.ISO_8859_1).stream()
                .filter(line -> line.startsWith("Uid:"))
                .anyMatch(line -> line.strip().matches("Uid:\\s+" + uid + "\\s+" + uid + "\\s+" + uid + "\\s+" + uid));
    }

    /** Device numbers as the kernel packs them: major in bits 8 to 19, minor in the rest. */
    private Optional<Path> path(int device) {
        int major = device >>> 8 & 0xFFF;
        int minor = device & 0xFF | device >>> 12 & 0xFFF00;
        if (major >= PTS_MAJOR_FIRST && major <= PTS_MAJOR_LAST) {
            return Optional.of(devices.resolve("pts/" + ((major - PTS_MAJOR_FIRST) * 256 + minor)));
        }
        if (major == CONSOLE_MAJOR && minor > 0 && minor < SERIAL_FIRST) {
            return Optional.of(devices.resolve("tty" + minor));
        }
        if (major == CONSOLE_MAJOR && minor >= SERIAL_FIRST) {
            return Optional.of(devices.resolve("ttyS" + (minor - SERIAL_FIRST)));
        }
        return Optional.empty();
    }

    private static boolean isTerminal(Path terminal, int device, int uid) {
        try {
            Map<String, Object> attributes = Files.readAttributes(terminal, "unix:rdev,uid", LinkOption.NOFOLLOW_LINKS);
            return Long.valueOf(Integer.toUnsignedLong(device)).equals(attributes.get("rdev"))
                    && Integer.valueOf(uid).equals(attributes.get("uid"));
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
