package org.tokend.pkcs11.discovery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.discovery.SettingsFile.Setting;

/** Decides on one module's merged settings: the module to load, or a note that says why not. */
final class ModuleSelection {
    private final List<Path> moduleDirectories;
    private final String program;
    private final int uid;
    private final List<DiscoveryNote> notes;

    ModuleSelection(List<Path> moduleDirectories, String program, int uid, List<DiscoveryNote> notes) {
        this.moduleDirectories = moduleDirectories;
        this.program = program;
        this.uid = uid;
        this.notes = notes;
    }

    Optional<DiscoveredModule> select(String name, Map<String, Setting> settings) {
        Setting remote = settings.get("remote");
        if (remote != null && !remote.value().isEmpty()) {
            return leftOut(remote, "remote modules are not supported");
        }
        Setting module = settings.get("module");
        if (module == null) {
            settings.values().stream()
                    .findFirst()
                    .ifPresent(any -> notes.add(DiscoveryNote.problem(any.file(), 0, "left out: it names no module")));
            return Optional.empty();
        }
        if (module.value().isEmpty()) {
            return leftOut(module, "switched off here: the module has no name");
        }
        Setting trust = settings.get("trust-policy");
        if (trust != null && trust.value().equals("yes")) {
            return leftOut(trust, "it is a source of trusted certificates, not of keys");
        }
        if (!enabled(settings.get("enable-in"), settings.get("disable-in"))) {
            return Optional.empty();
        }
        return located(module).flatMap(path -> discovered(name, path, module, settings));
    }

    private Optional<DiscoveredModule> discovered(
            String name, Path path, Setting module, Map<String, Setting> settings) {
        Optional<String> problem = TrustedPath.problem(path, uid);
        if (problem.isPresent()) {
            notes.add(module.problem("left out: " + problem.get()));
            return Optional.empty();
        }
        Path real;
        try {
            real = path.toRealPath();
        } catch (IOException e) {
            notes.add(module.problem("left out: " + path + " cannot be reached: " + e.getMessage()));
            return Optional.empty();
        }
        if (P11KitConfiguration.isOwn(path) || P11KitConfiguration.isOwn(real)) {
            return leftOut(module, real.getFileName() + " is part of p11-kit itself and holds no keys");
        }
        Setting reserved = settings.get("x-init-reserved");
        return Optional.of(new DiscoveredModule(
                name,
                real,
                reserved == null || reserved.value().isEmpty() ? null : reserved.value(),
                priority(settings.get("priority")),
                module.file()));
    }

    private Optional<Path> located(Setting module) {
        Path path;
        try {
            path = Path.of(module.value());
        } catch (InvalidPathException e) {
            notes.add(module.problem("left out: '" + module.value() + "' is no path"));
            return Optional.empty();
        }
        if (path.isAbsolute()) {
            return Optional.of(path);
        }
        Optional<Path> found = moduleDirectories.stream()
                .map(directory -> directory.resolve(path))
                .filter(Files::exists)
                .findFirst();
        if (found.isEmpty()) {
            notes.add(module.problem("left out: " + path + " is not in any of " + moduleDirectories));
        }
        return found;
    }

    /** When both lists are there, the one that enables decides, as in p11-kit. */
    private boolean enabled(@Nullable Setting enable, @Nullable Setting disable) {
        if (enable != null) {
            if (disable != null) {
                notes.add(disable.problem("enable-in and disable-in stand together: enable-in decides"));
            }
            if (!lists(enable)) {
                notes.add(enable.asMeant("left out: enable-in does not name " + program));
                return false;
            }
            return true;
        }
        if (disable != null && lists(disable)) {
            notes.add(disable.asMeant("left out: disable-in names " + program));
            return false;
        }
        return true;
    }

    private boolean lists(Setting programs) {
        return Arrays.asList(programs.value().split("[,\\s]+", -1)).contains(program);
    }

    private int priority(@Nullable Setting priority) {
        try {
            return priority == null ? 0 : Integer.parseInt(priority.value());
        } catch (NumberFormatException e) {
            notes.add(priority.problem("the priority is a whole number, not '" + priority.value() + "'; taken as 0"));
            return 0;
        }
    }

    private Optional<DiscoveredModule> leftOut(Setting setting, String why) {
        notes.add(setting.asMeant("left out: " + why));
        return Optional.empty();
    }
}
