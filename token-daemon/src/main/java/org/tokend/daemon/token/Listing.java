package org.tokend.daemon.token;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Things in a message that a person reads: the first ones, and how many there are more. A token may hold thousands of keys. */
final class Listing {
    private static final int SHOWN = 10;

    private Listing() {}

    /** @return without those that read alike, separated by commas */
    static <T> String of(List<T> things, Function<T, String> name) {
        List<String> names = things.stream().map(name).distinct().toList();
        String first = names.stream().limit(SHOWN).collect(Collectors.joining(", "));
        return names.size() > SHOWN ? first + " and " + (names.size() - SHOWN) + " more" : first;
    }
}
