package org.tokend.tokenctl.command;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tokend.protocol.Algorithm;
import org.tokend.smime.cms.SignatureScheme;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The signature algorithms that S/MIME knows, by their names on the wire. */
final class SchemeConverter implements ITypeConverter<SignatureScheme> {

    /** For completion. */
    static final class Names extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        Names() {
            super(names());
        }
    }

    private static List<String> names() {
        return Arrays.stream(SignatureScheme.values())
                .map(scheme -> scheme.algorithm().wireName())
                .toList();
    }

    @Override
    public SignatureScheme convert(String value) {
        return Algorithm.ofWireName(value)
                .flatMap(SignatureScheme::of)
                .orElseThrow(() ->
                        new TypeConversionException("\"" + value + "\" is not one of " + String.join(", ", names())));
    }
}
