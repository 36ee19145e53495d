package org.tokend.tokenctl.command;

import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code on} or {@code off}, said by a person; not said is a third thing. */
enum Switch {
    ON,
    OFF;

    static @Nullable Boolean value(@Nullable Switch said) {
        return said == null ? null : said == ON;
    }

    /** For completion. */
    static final class Names implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return List.of("on", "off").iterator();
        }
    }

    static final class Converter implements ITypeConverter<Switch> {
        @Override
        public Switch convert(String value) {
            return switch (value) {
                case "on" -> ON;
                case "off" -> OFF;
                default -> throw new TypeConversionException("\"" + value + "\" is neither on nor off");
            };
        }
    }
}
