package org.tokend.smime.profile;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.tokend.smime.profile.ProfileException.Reason;

/** Profiles, one small file each. */
public final class ProfileStore {

    private static final String SUFFIX = ".properties";

    private final Path directory;

    public ProfileStore(Path directory) {
        this.directory = directory;
    }

    public Profile read(String name) throws IOException {
        Path file = file(name);
        if (!Files.exists(file)) {
            throw new ProfileException(
                    Reason.PROFILE_MISSING,
                    "there is no profile " + name + "; \"tokenctl profile list\" shows those that are");
        }
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(file)) {
            properties.load(in);
        }
        return new Profile(
                name,
                properties.getProperty("sign"),
                properties.getProperty("encrypt"),
                properties.getProperty("algorithm"),
                properties.getProperty("cipher"),
                Optional.ofNullable(properties.getProperty("header-protection"))
                        .map("on"::equals)
                        .orElse(null));
    }

    public void write(Profile profile) throws IOException {
        Properties properties = new Properties();
        put(properties, "sign", profile.sign());
        put(properties, "encrypt", profile.encrypt());
        put(properties, "algorithm", profile.algorithm());
        put(properties, "cipher", profile.cipher());
        Boolean headers = profile.headers();
        put(properties, "header-protection", headers == null ? null : headers ? "on" : "off");
        Path file = file(profile.name());
        Files.createDirectories(directory);
        Path temporary = Files.createTempFile(directory, ".new", "");
        try (Writer out = Files.newBufferedWriter(temporary)) {
            properties.store(out, null);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }

    public void delete(String name) throws IOException {
        read(name);
        Files.delete(file(name));
    }

    public List<String> names() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(each -> String.valueOf(each.getFileName()))
                    .filter(each -> each.endsWith(SUFFIX))
                    .map(each -> each.substring(0, each.length() - SUFFIX.length()))
                    .sorted()
                    .toList();
        }
    }

    private static void put(Properties properties, String name, @Nullable String value) {
        Optional.ofNullable(value).ifPresent(present -> properties.setProperty(name, present));
    }

    private Path file(String name) throws ProfileException {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
            throw new ProfileException(
                    Reason.PROFILE_NAME_INVALID, "a profile's name has letters, digits, dots, dashes and underscores");
        }
        return directory.resolve(name + SUFFIX);
    }
}
