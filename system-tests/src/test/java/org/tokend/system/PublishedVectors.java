package org.tokend.system;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Vectors in the form of Project Wycheproof, from the directory that {@code -Dvectors=DIR} names. */
final class PublishedVectors {

    /** A group of a file, with what is common to its cases. */
    record Group(String file, Map<String, Object> values) {

        String text(String name) {
            return String.valueOf(values.getOrDefault(name, ""));
        }

        @SuppressWarnings("unchecked")
        List<Case> cases() {
            return ((List<Map<String, Object>>) values.getOrDefault("tests", List.of()))
                    .stream().map(each -> new Case(this, each)).toList();
        }
    }

    /** One case. */
    record Case(Group group, Map<String, Object> values) {

        String text(String name) {
            return String.valueOf(values.getOrDefault(name, ""));
        }

        byte[] bytes(String name) {
            return HexFormat.of().parseHex(text(name));
        }

        boolean is(String result) {
            return text("result").equals(result);
        }

        @Override
        public String toString() {
            return group.file() + " " + text("tcId") + " " + text("comment");
        }
    }

    private PublishedVectors() {}

    static List<Group> groups(String prefix, String type) throws IOException {
        String directory = System.getProperty("vectors");
        if (directory == null) {
            return List.of();
        }
        List<Path> files;
        try (Stream<Path> all = Files.list(Path.of(directory))) {
            files = all.filter(file -> String.valueOf(file.getFileName()).startsWith(prefix))
                    .sorted()
                    .toList();
        }
        List<Group> groups = new ArrayList<>();
        for (Path file : files) {
            for (Map<String, Object> group : read(file)) {
                Group read = new Group(String.valueOf(file.getFileName()), group);
                if (read.text("type").startsWith(type)) {
                    groups.add(read);
                }
            }
        }
        if (groups.isEmpty()) {
            throw new AssertionError("No vectors for " + prefix + " in " + directory);
        }
        return groups;
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> read(Path file) throws IOException {
        try (JsonParser parser = new JsonFactory().createParser(file.toFile())) {
            parser.nextToken();
            Map<String, Object> whole = (Map<String, Object>) value(parser);
            return (List<Map<String, Object>>) whole.getOrDefault("testGroups", List.of());
        }
    }

    private static Object value(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            Map<String, Object> object = new HashMap<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                object.put(name, value(parser));
            }
            return object;
        }
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            List<Object> array = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                array.add(value(parser));
            }
            return array;
        }
        return parser.getText();
    }
}
