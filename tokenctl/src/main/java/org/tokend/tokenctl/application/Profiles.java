package org.tokend.tokenctl.application;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where programs that use NSS keep their databases, in the person's home directory. */
public final class Profiles {

    /** Directories whose subdirectories are profiles, as the program, its flatpak and its snap have them. */
    private static final List<Place> PARENTS = List.of(
            new Place("Thunderbird", ".thunderbird"),
            new Place("Thunderbird", ".var/app/org.mozilla.Thunderbird/.thunderbird"),
            new Place("Thunderbird", "snap/thunderbird/common/.thunderbird"),
            new Place("Firefox", ".mozilla/firefox"),
            new Place("Firefox", ".var/app/org.mozilla.firefox/.mozilla/firefox"),
            new Place("Firefox", "snap/firefox/common/.mozilla/firefox"));

    private static final List<Place> SINGLE = List.of(
            new Place("Evolution", ".local/share/evolution"),
            new Place("Evolution", ".var/app/org.gnome.Evolution/data/evolution"),
            new Place("Chromium, Evolution and others", ".pki/nssdb"));

    private record Place(String program, String directory) {}

    /** A database, and the program that it belongs to. */
    public record Profile(String program, Path directory) {}

    private Profiles() {}

    public static List<Profile> in(Path home) {
        List<Profile> found = new ArrayList<>();
        for (Place place : PARENTS) {
            Machine.directories(home.resolve(place.directory())).stream()
                    .filter(NssDatabase::isDatabase)
                    .forEach(directory -> found.add(new Profile(place.program(), directory)));
        }
        for (Place place : SINGLE) {
            Path directory = home.resolve(place.directory());
            if (NssDatabase.isDatabase(directory)) {
                found.add(new Profile(place.program(), directory));
            }
        }
        return found;
    }
}
