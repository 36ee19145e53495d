package org.tokend.daemon.prompt;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The environment of prompts, from the daemon's own knowledge alone. A client's environment never gets here: through
 * variables such as DBUS_SESSION_BUS_ADDRESS it would decide where the PIN is typed.
 */
public final class PromptEnvironment {
    private static final Duration SYSTEMCTL_LIMIT = Duration.ofSeconds(2);
    private static final List<String> DISPLAYS = List.of("WAYLAND_DISPLAY", "DISPLAY");
    private static final List<String> DESKTOP = List.of(
            "DISPLAY",
            "WAYLAND_DISPLAY",
            "XAUTHORITY",
            "DBUS_SESSION_BUS_ADDRESS",
            "XDG_RUNTIME_DIR",
            "XDG_SESSION_TYPE",
            "XDG_CURRENT_DESKTOP");
    private static final List<String> LOCALE = List.of("LC_ALL", "LC_CTYPE", "LANG");

    private final Map<String, String> own;
    private final Supplier<Map<String, String>> session;

    /** @param own the daemon's environment */
    public PromptEnvironment(Map<String, String> own) {
        this(own, PromptEnvironment::askUserManager);
    }

    /** @param session the login session's environment, asked for at the time of a prompt */
    PromptEnvironment(Map<String, String> own, Supplier<Map<String, String>> session) {
        this.own = Map.copyOf(own);
        this.session = session;
    }

    /** All variables of a prompt. A daemon that started before the desktop learns of the display from systemd. */
    Map<String, String> variables() {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("PATH", "/usr/bin:/bin");
        copy(own, List.of("HOME", "USER", "LOGNAME"), variables);
        copy(own, LOCALE, variables);
        copy(own, DESKTOP, variables);
        if (!hasDisplay(variables) && own.containsKey("XDG_RUNTIME_DIR")) {
            copy(session.get(), DESKTOP, variables);
        }
        return variables;
    }

    static boolean hasDisplay(Map<String, String> variables) {
        return DISPLAYS.stream().anyMatch(variables::containsKey);
    }

    /** The locale that a prompt shows and reads characters in. */
    static String characterType(Map<String, String> variables) {
        return LOCALE.stream()
                .map(name -> variables.getOrDefault(name, ""))
                .filter(value -> !value.isEmpty())
                .findFirst()
                .orElse("C.UTF-8");
    }

    private static void copy(Map<String, String> from, List<String> names, Map<String, String> to) {
        for (String name : names) {
            String value = from.getOrDefault(name, "");
            if (!value.isEmpty()) {
                to.put(name, value);
            }
        }
    }

    private static Map<String, String> askUserManager() {
        try {
            Process process = new ProcessBuilder("/usr/bin/systemctl", "--user", "show-environment")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                process.getOutputStream().close();
                if (!process.waitFor(SYSTEMCTL_LIMIT)) {
                    return Map.of();
                }
                return parse(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            return Map.of(); // No systemd here: then there is nothing to learn from it.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Map.of();
        }
    }

    /** Lines of NAME=value; a value that needs shell quoting is none of those that we look for. */
    static Map<String, String> parse(String text) {
        Map<String, String> variables = new LinkedHashMap<>();
        text.lines().forEach(line -> {
            int equals = line.indexOf('=');
            if (equals > 0 && !line.startsWith("$'", equals + 1)) {
                variables.put(line.substring(0, equals), line.substring(equals + 1));
            }
        });
        return variables;
    }
}
