package org.tokend.tokenctl.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Can a person be asked for a PIN here? */
final class PromptChecks {

    private static final List<String> GRAPHICAL =
            List.of("gnome3", "qt", "qt5", "qt6", "gtk2", "gtk", "x11", "fltk", "kwallet");

    private final Map<String, String> variables;
    private final boolean terminal;

    PromptChecks(Map<String, String> variables, boolean terminal) {
        this.variables = variables;
        this.terminal = terminal;
    }

    List<Check> run() {
        Optional<Path> pinentry = onPath("pinentry");
        if (pinentry.isEmpty()) {
            return List.of(Check.failed(
                    "pinentry",
                    "no program \"pinentry\" is on the PATH",
                    "apt-get install pinentry-gnome3 (or pinentry-curses without a desktop), or give tokend a pin-source for"
                            + " unattended use"));
        }
        List<Check> checks = new ArrayList<>();
        checks.add(Check.ok("pinentry", pinentry.get() + " (" + kind(pinentry.get()) + ")"));
        checks.add(usable(kind(pinentry.get())));
        return checks;
    }

    private Check usable(String kind) {
        boolean display = isSet("DISPLAY") || isSet("WAYLAND_DISPLAY");
        boolean graphical = GRAPHICAL.contains(kind);
        if (graphical && display) {
            return Check.ok("prompt", "a window can be opened");
        }
        if (terminal) {
            return Check.ok("prompt", "this terminal can be used");
        }
        return Check.warning(
                "prompt",
                graphical
                        ? "neither a display nor a terminal is here"
                        : "pinentry asks on a terminal, and this is not one",
                "run \"tokenctl unlock\" in a terminal or a desktop session before; or give tokend a pin-source");
    }

    private boolean isSet(String variable) {
        return !variables.getOrDefault(variable, "").isEmpty();
    }

    /** Debian's pinentry is a link to the one that was chosen. */
    private static String kind(Path pinentry) {
        try {
            String name = pinentry.toRealPath().getFileName().toString();
            return name.startsWith("pinentry-") ? name.substring("pinentry-".length()) : name;
        } catch (java.io.IOException dangling) {
            return "dangling link";
        }
    }

    private Optional<Path> onPath(String program) {
        for (String directory : variables.getOrDefault("PATH", "/usr/bin").split(":", -1)) {
            Path candidate = Path.of(directory.isEmpty() ? "." : directory, program);
            if (Files.isExecutable(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }
}
