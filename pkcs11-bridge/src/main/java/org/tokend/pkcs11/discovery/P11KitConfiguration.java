package org.tokend.pkcs11.discovery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.discovery.SettingsFile.Setting;

/**
 * Reads p11-kit's module configuration after pkcs11.conf(5). Files of the same name are one module: what the user's file
 * leaves out comes from the administrator's, and then from the package's. Nothing in it is fatal, as a broken file of one
 * package must not keep the others' tokens away.
 */
public final class P11KitConfiguration {
    private static final String SUFFIX = ".module";
    private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]*");

    /** p11-kit's own: certificates without keys, a tunnel to p11-kit's own server, and the sum of all the others. */
    private static final Set<String> OWN_MODULES = Set.of("p11-kit-trust.so", "p11-kit-client.so", "p11-kit-proxy.so");

    private enum UserFiles {
        NONE,
        MERGE,
        ONLY
    }

    private final P11KitDirectories directories;
    private final String program;
    private final int uid;
    private final List<DiscoveryNote> notes = new ArrayList<>();
    private final Set<String> broken = new HashSet<>();

    private P11KitConfiguration(P11KitDirectories directories, String program, int uid) {
        this.directories = directories;
        this.program = program;
        this.uid = uid;
    }

    /**
     * @param program the name that {@code enable-in} and {@code disable-in} know us by
     * @param uid who we are: files that others may change are left out
     */
    public static Discovery read(P11KitDirectories directories, String program, int uid) {
        return new P11KitConfiguration(directories, program, uid).read();
    }

    private Discovery read() {
        Map<String, Map<String, Setting>> merged = new TreeMap<>();
        UserFiles userFiles = userFiles();
        Path user = directories.user();
        if (user != null && userFiles != UserFiles.NONE) {
            collect(user, merged);
        }
        if (userFiles != UserFiles.ONLY) {
            collect(directories.system(), merged);
            collect(directories.packaged(), merged);
        }
        merged.keySet().removeAll(broken);
        ModuleSelection selection = new ModuleSelection(directories.moduleDirectories(), program, uid, notes);
        List<DiscoveredModule> modules = new ArrayList<>();
        merged.forEach((name, settings) -> selection.select(name, settings).ifPresent(modules::add));
        modules.sort(Comparator.comparingInt(DiscoveredModule::priority).reversed());
        return new Discovery(withoutTwins(modules), notes);
    }

    private UserFiles userFiles() {
        UserFiles system = userFiles(directories.systemSettings(), UserFiles.MERGE);
        return system == UserFiles.NONE ? system : userFiles(directories.userSettings(), system);
    }

    private UserFiles userFiles(@Nullable Path file, UserFiles otherwise) {
        if (file == null || !Files.exists(file)) {
            return otherwise;
        }
        Optional<Map<String, Setting>> settings = trusted(file).flatMap(path -> SettingsFile.read(path, notes));
        Setting mode = settings.map(found -> found.get("user-config")).orElse(null);
        if (mode == null) {
            return otherwise;
        }
        return switch (mode.value()) {
            case "none" -> UserFiles.NONE;
            case "merge" -> UserFiles.MERGE;
            case "only", "override" -> UserFiles.ONLY;
            default -> {
                notes.add(mode.problem("user-config is none, merge or only, not '" + mode.value() + "'"));
                yield otherwise;
            }
        };
    }

    /** Adds what earlier directories have left open. */
    private void collect(Path directory, Map<String, Map<String, Setting>> merged) {
        for (Path file : moduleFiles(directory)) {
            String fileName = file.getFileName().toString();
            if (!FILE_NAME.matcher(fileName).matches() || !fileName.endsWith(SUFFIX)) {
                notes.add(DiscoveryNote.problem(
                        file,
                        0,
                        "left out: its name does not end in " + SUFFIX
                                + ", or has other characters than letters, digits, '_', '-' and '.'"));
                continue;
            }
            String name = fileName.substring(0, fileName.length() - SUFFIX.length());
            Optional<Map<String, Setting>> settings = trusted(file).flatMap(path -> SettingsFile.read(path, notes));
            if (settings.isEmpty()) {
                // The half that was not understood may have switched the module off.
                broken.add(name);
                continue;
            }
            Map<String, Setting> module = merged.computeIfAbsent(name, unused -> new HashMap<>());
            settings.get().forEach(module::putIfAbsent);
        }
    }

    private Optional<Path> trusted(Path file) {
        Optional<String> problem = TrustedPath.problem(file.toAbsolutePath(), uid);
        problem.ifPresent(sentence -> notes.add(DiscoveryNote.problem(file, 0, "left out: " + sentence)));
        return problem.isPresent() ? Optional.empty() : Optional.of(file);
    }

    private List<Path> moduleFiles(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(entry -> !Files.isDirectory(entry)).sorted().toList();
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (IOException e) {
            notes.add(DiscoveryNote.problem(directory, 0, "cannot be listed: " + e.getMessage()));
            return List.of();
        }
    }

    /** One file loaded twice would be one module with two owners of its login. */
    private List<DiscoveredModule> withoutTwins(List<DiscoveredModule> modules) {
        Map<Path, DiscoveredModule> first = new HashMap<>();
        List<DiscoveredModule> distinct = new ArrayList<>();
        for (DiscoveredModule module : modules) {
            DiscoveredModule twin = first.putIfAbsent(module.path(), module);
            if (twin == null) {
                distinct.add(module);
            } else {
                notes.add(new DiscoveryNote(
                        module.source(),
                        0,
                        "left out: " + module.path() + " is the module " + twin.name() + " already",
                        true));
            }
        }
        return distinct;
    }

    static boolean isOwn(Path module) {
        return OWN_MODULES.contains(module.getFileName().toString());
    }
}
