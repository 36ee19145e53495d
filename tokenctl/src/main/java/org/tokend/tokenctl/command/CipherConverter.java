package org.tokend.tokenctl.command;

import java.util.Iterator;
import java.util.Locale;
import java.util.stream.Stream;
import org.tokend.smime.cms.ContentAlgorithm;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code aes-256-cbc} and the other ciphers that are still written. */
final class CipherConverter implements ITypeConverter<ContentAlgorithm> {

    /** For completion. */
    static final class Names implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return names().iterator();
        }
    }

    private static Stream<String> names() {
        return Stream.of(ContentAlgorithm.values())
                .filter(ContentAlgorithm::isWritten)
                .map(CipherConverter::name);
    }

    private static String name(ContentAlgorithm algorithm) {
        return algorithm.displayName().toLowerCase(Locale.ROOT);
    }

    @Override
    public ContentAlgorithm convert(String value) {
        return Stream.of(ContentAlgorithm.values())
                .filter(ContentAlgorithm::isWritten)
                .filter(each -> name(each).equals(value.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException(
                        "\"" + value + "\" is not one of " + String.join(", ", names().toList())));
    }
}
