package org.tokend.daemon.prompt;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/** One Assuan command as one line: percent-escaped, never longer than the 1000 bytes that a line may have. */
final class AssuanText {
    private static final int MAX_LINE = 1000;

    private AssuanText() {}

    static byte[] command(String verb, String argument) {
        return command(verb, List.of(argument));
    }

    /** @param lines shown below each other; what does not fit is cut off at the end */
    static byte[] command(String verb, List<String> lines) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        line.writeBytes(verb.getBytes(StandardCharsets.US_ASCII));
        String separator = " ";
        for (String text : lines) {
            if (text.isEmpty()) {
                continue;
            }
            if (!append(line, separator)) {
                break;
            }
            if (!appendEscaped(line, PromptText.oneLine(text, MAX_LINE))) {
                break;
            }
            separator = "%0A";
        }
        line.write('\n');
        return line.toByteArray();
    }

    private static boolean appendEscaped(ByteArrayOutputStream line, String text) {
        for (int i = 0; i < text.length(); ) {
            int character = text.codePointAt(i);
            i += Character.charCount(character);
            if (!append(line, escape(character))) {
                return false;
            }
        }
        return true;
    }

    private static String escape(int character) {
        if (character < 0x20 || character == '%' || character == 0x7F) {
            return "%" + HexFormat.of().withUpperCase().toHexDigits((byte) character);
        }
        return Character.toString(character);
    }

    private static boolean append(ByteArrayOutputStream line, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (line.size() + bytes.length >= MAX_LINE) {
            return false;
        }
        line.writeBytes(bytes);
        return true;
    }
}
