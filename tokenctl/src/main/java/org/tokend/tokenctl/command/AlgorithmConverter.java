package org.tokend.tokenctl.command;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tokend.protocol.Algorithm;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Algorithms by their names on the wire. */
final class AlgorithmConverter implements ITypeConverter<Algorithm> {

    /** For completion. */
    static final class Names extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        Names() {
            super(names());
        }
    }

    private static List<String> names() {
        return Arrays.stream(Algorithm.values()).map(Algorithm::wireName).toList();
    }

    @Override
    public Algorithm convert(String value) {
        return Algorithm.ofWireName(value)
                .orElseThrow(() ->
                        new TypeConversionException("\"" + value + "\" is not one of " + String.join(", ", names())));
    }
}
