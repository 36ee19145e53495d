package org.tokend.benchmarks.rig;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the lines that the load programs print. */
final class Text {
    private static final JsonFactory JSON = new JsonFactory();

    private Text() {}

    /** A flat object. */
    static Map<String, String> object(String line) {
        Map<String, String> members = new LinkedHashMap<>();
        try (JsonParser parser = JSON.createParser(line)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                members.put(name, parser.getText());
            }
            return members;
        } catch (IOException e) {
            throw new UncheckedIOException("not what a load program prints: " + line, e);
        }
    }

    /** A flat array. */
    static List<String> array(String line) {
        List<String> elements = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(line)) {
            parser.nextToken();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                elements.add(parser.getText());
            }
            return elements;
        } catch (IOException e) {
            throw new UncheckedIOException("not what a load program prints: " + line, e);
        }
    }
}
