package org.tokend.protocol;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The members of one JSON object, each read once and checked by the shape of its field. */
final class Members {
    /** A field that an object may have. */
    record Field<T>(String name, Shape<T> shape) {}

    /** What to do with a member that no field declares. */
    enum Unknown {
        /** Requests: a field that is not understood could be the one that matters. */
        REFUSE,
        /** Replies: a newer tokend may say more than an older client knows. */
        SKIP
    }

    private final Map<String, Object> values = new HashMap<>();

    private Members() {}

    /** Reads a whole frame, or the part of it at {@code extent}, that must be one object and nothing after it. */
    static Members ofFrame(byte[] frame, Shape.@Nullable Extent extent, Unknown unknown, List<Field<?>> fields)
            throws MessageException {
        int start = extent == null ? 0 : extent.start();
        int end = extent == null ? frame.length : extent.end();
        try (JsonParser parser = MessageCodec.JSON.createParser(frame, start, end - start)) {
            parser.nextToken();
            Members members = read(parser, extent == null ? "frame" : "parameters", unknown, fields);
            if (parser.nextToken() != null) {
                throw MessageException.invalid("The frame goes on after its object; end each object with a NUL byte");
            }
            return members;
        } catch (StreamConstraintsException e) {
            throw MessageException.invalid("The frame is nested deeper than " + MessageCodec.MAX_DEPTH
                    + ", or has a name or number that is too long");
        } catch (JsonParseException e) {
            long offset = e.getLocation() == null ? 0 : e.getLocation().getByteOffset();
            throw MessageException.invalid("The frame is not JSON; it stops being so at byte " + (start + offset));
        } catch (IOException e) {
            throw MessageException.invalid("The frame is not UTF-8 or not JSON");
        }
    }

    static Members read(JsonParser parser, String where, Unknown unknown, List<Field<?>> fields)
            throws IOException, MessageException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw MessageException.invalid("The " + where + " must be a JSON object");
        }
        Members members = new Members();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            Field<?> field = find(fields, name);
            parser.nextToken();
            if (field != null) {
                members.put(field, parser);
            } else if (unknown == Unknown.REFUSE) {
                throw MessageException.invalid(
                        "Field \"" + MessageException.printable(name) + "\" is unknown here; leave it out");
            } else {
                parser.skipChildren();
            }
        }
        return members;
    }

    private static @Nullable Field<?> find(List<Field<?>> fields, String name) {
        for (Field<?> field : fields) {
            if (field.name().equals(name)) {
                return field;
            }
        }
        return null;
    }

    private void put(Field<?> field, JsonParser parser) throws IOException, MessageException {
        // varlink writes an optional field that has no value as null or leaves it out.
        boolean absent = parser.currentToken() == JsonToken.VALUE_NULL;
        Object value = absent ? Absent.ABSENT : field.shape().read(parser, field.name());
        if (values.put(field.name(), value) != null) {
            throw MessageException.invalid("Field \"" + field.name() + "\" stands twice; send it once");
        }
    }

    private enum Absent {
        ABSENT
    }

    <T> T get(Field<T> field) throws MessageException {
        T value = find(field);
        if (value == null) {
            throw MessageException.invalid("Field \"" + field.name() + "\" is missing");
        }
        return value;
    }

    // Only the shape of the same field made the value.
    @SuppressWarnings("unchecked")
    <T> @Nullable T find(Field<T> field) {
        Object value = values.get(field.name());
        return value == Absent.ABSENT ? null : (T) value;
    }

    <T> T get(Field<T> field, T otherwise) {
        T value = find(field);
        return value == null ? otherwise : value;
    }
}
