package org.tokend.protocol;

import com.fasterxml.jackson.core.Base64Variants;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What may stand as the value of a field. Reads it where the parser stands. */
@FunctionalInterface
interface Shape<T> {
    T read(JsonParser parser, String field) throws IOException, MessageException;

    /** Text for people or programs: no control characters, no half surrogate pairs, at most {@code longest} characters. */
    static Shape<String> text(int longest) {
        return (parser, field) -> {
            expect(parser, JsonToken.VALUE_STRING, field, "a string");
            String text = parser.getText();
            if (text.length() > longest) {
                throw MessageException.invalid(
                        "Field \"" + field + "\" is longer than " + longest + " characters; send a shorter one");
            }
            if (hasControls(text)) {
                throw MessageException.invalid("Field \"" + field + "\" has control characters; leave them out");
            }
            return text;
        };
    }

    /** Whether there are control characters, or surrogates without their other half. */
    private static boolean hasControls(String text) {
        for (int i = 0, c; i < text.length(); i += Character.charCount(c)) {
            c = text.codePointAt(i);
            if (Character.isISOControl(c) || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
                return true;
            }
        }
        return false;
    }

    /** Base64, decoded from the frame into the array with no string between. */
    static Shape<byte[]> bytes(int longest) {
        return (parser, field) -> {
            expect(parser, JsonToken.VALUE_STRING, field, "a base64 string");
            byte[] bytes;
            try {
                bytes = parser.getBinaryValue(Base64Variants.MIME_NO_LINEFEEDS);
            } catch (IOException e) {
                throw MessageException.invalid("Field \"" + field + "\" is not base64 (RFC 4648 §4, with padding)");
            }
            if (bytes.length > longest) {
                throw MessageException.invalid(
                        "Field \"" + field + "\" is longer than " + longest + " bytes; nothing here needs that many");
            }
            return bytes;
        };
    }

    static Shape<Long> integer(long least, long greatest) {
        return (parser, field) -> {
            expect(parser, JsonToken.VALUE_NUMBER_INT, field, "an integer");
            boolean fits = parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
            if (!fits || parser.getLongValue() < least || parser.getLongValue() > greatest) {
                throw MessageException.invalid(
                        "Field \"" + field + "\" must lie between " + least + " and " + greatest);
            }
            return parser.getLongValue();
        };
    }

    static Shape<Boolean> flag() {
        return (parser, field) -> {
            JsonToken token = parser.currentToken();
            if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
                throw MessageException.invalid("Field \"" + field + "\" must be true or false");
            }
            return token == JsonToken.VALUE_TRUE;
        };
    }

    static <T> Shape<List<T>> list(Shape<T> item, int longest) {
        return (parser, field) -> {
            expect(parser, JsonToken.START_ARRAY, field, "an array");
            List<T> items = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (items.size() == longest) {
                    throw MessageException.invalid("Field \"" + field + "\" has more than " + longest + " items");
                }
                items.add(item.read(parser, field));
            }
            return List.copyOf(items);
        };
    }

    /** Where in the frame an object stands, for a second look when it is known what the object must hold. */
    static Shape<Extent> extent() {
        return (parser, field) -> {
            expect(parser, JsonToken.START_OBJECT, field, "an object");
            long start = parser.currentTokenLocation().getByteOffset();
            parser.skipChildren();
            return new Extent(
                    Math.toIntExact(start),
                    Math.toIntExact(parser.currentLocation().getByteOffset()));
        };
    }

    /** Offsets of the first byte and behind the last byte, from the beginning of the frame. */
    record Extent(int start, int end) {}

    static void expect(JsonParser parser, JsonToken token, String field, String wanted) throws MessageException {
        if (parser.currentToken() != token) {
            throw MessageException.invalid("Field \"" + field + "\" must be " + wanted);
        }
    }
}
