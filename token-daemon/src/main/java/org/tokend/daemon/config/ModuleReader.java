package org.tokend.daemon.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the [[module]] tables. */
final class ModuleReader {
    private static final int MAX_SESSIONS = 1024;
    private static final Duration MAX_DEADLINE = Duration.ofMinutes(10);

    private final FileTrust trust;

    ModuleReader(FileTrust trust) {
        this.trust = trust;
    }

    List<ModuleSettings> read(List<Section> sections) {
        List<ModuleSettings> modules = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Section section : sections) {
            ModuleSettings module = read(section);
            if (!names.add(module.name())) {
                section.problem(
                        "name", "two modules are named \"" + module.name() + "\"", "give each a name of its own");
            }
            modules.add(module);
        }
        return List.copyOf(modules);
    }

    private ModuleSettings read(Section section) {
        String name = section.requiredText("name", "write name = \"...\", the name that status shows");
        if (!name.isEmpty() && !name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
            section.problem("name", "`name` has characters that names do not have", "use letters, digits, . _ and -");
        }
        ModuleSettings module = new ModuleSettings(
                name,
                path(section),
                section.choice("isolation", ModuleSettings.Isolation.HOST),
                section.choice("wrapper", ModuleSettings.Wrapper.IAIK),
                section.number("max-sessions", ModuleSettings.DEFAULT_MAX_SESSIONS, 1, MAX_SESSIONS),
                section.duration("deadline", ModuleSettings.DEFAULT_DEADLINE, MAX_DEADLINE),
                section.duration("login-deadline", ModuleSettings.DEFAULT_LOGIN_DEADLINE, MAX_DEADLINE),
                Map.copyOf(section.textMap("environment")),
                section.text("init-args"));
        section.finish();
        return module;
    }

    private Path path(Section section) {
        if (!section.has("path")) {
            section.problem(
                    null, "`path` is missing", "write path = \"/usr/lib/...\", the PKCS#11 module's shared object");
            return Path.of("/");
        }
        Path path = section.absolutePath("path");
        if (path == null) {
            return Path.of("/");
        }
        trust.doubtAboutCode(path).ifPresent(doubt -> section.problem("path", doubt.problem(), doubt.remedy()));
        return path;
    }
}
