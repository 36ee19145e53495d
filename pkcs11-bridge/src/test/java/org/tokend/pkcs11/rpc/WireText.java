package org.tokend.pkcs11.rpc;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Bytes written for people: hexadecimal with blanks and bars, {@code 'text'}, {@code 'text'*width} for padded text. */
final class WireText {
    private static final Pattern PART = Pattern.compile("'([^']*)'(?:\\*(\\d+))?|([0-9a-f]+)|[\\s|]+");

    private WireText() {}

    static byte[] bytes(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Matcher part = PART.matcher(text);
        int end = 0;
        while (part.find() && part.start() == end) {
            end = part.end();
            if (part.group(1) != null) {
                out.writeBytes(padded(part.group(1), part.group(2)));
            } else if (part.group(3) != null) {
                out.writeBytes(HexFormat.of().parseHex(part.group(3)));
            }
        }
        if (end != text.length()) {
            throw new IllegalArgumentException("not understood: " + text.substring(end));
        }
        return out.toByteArray();
    }

    private static byte[] padded(String text, String width) {
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        if (width == null) {
            return ascii;
        }
        byte[] padded = new byte[Integer.parseInt(width)];
        Arrays.fill(padded, (byte) ' ');
        System.arraycopy(ascii, 0, padded, 0, ascii.length);
        return padded;
    }

    /** A frame of a client: header, options, call id, signature and arguments. */
    static byte[] frame(int code, String options, int callId, String signature, String arguments) {
        byte[] rest = bytes(arguments);
        String body = "%08x %08x '%s' %s"
                .formatted(callId, signature.length(), signature, HexFormat.of().formatHex(rest));
        int length = 8 + signature.length() + rest.length;
        return bytes("%08x %08x %08x '%s' %s".formatted(code, options.length(), length, options, body));
    }
}
