package org.tokend.protocol;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class InterfaceTest {
    private static final Pattern MEMBER =
            Pattern.compile("(?:^|\\n)(method|type|error) ([A-Z][A-Za-z0-9]*) ?\\(([^)]*)\\)(?: -> \\(([^)]*)\\))?");
    private static final Map<Class<?>, String> TYPES = Map.ofEntries(
            Map.entry(String.class, "string"),
            Map.entry(byte[].class, "string"),
            Map.entry(Instant.class, "string"),
            Map.entry(Algorithm.class, "string"),
            Map.entry(Sign.Kind.class, "string"),
            Map.entry(KeyKind.class, "string"),
            Map.entry(TokenDescription.State.class, "string"),
            Map.entry(TokenDescription.Tries.class, "string"),
            Map.entry(Reply.ModuleState.class, "string"),
            Map.entry(Reply.Event.Kind.class, "string"),
            Map.entry(int.class, "int"),
            Map.entry(long.class, "int"),
            Map.entry(boolean.class, "bool"));
    /** Answers that are lists of another record. */
    private static final Map<String, String> LISTS =
            Map.of("tokens", "[]Token", "keys", "[]Key", "modules", "[]Module");
    /** In a call the record always has them, in a frame they may be left out. */
    private static final Set<String> OPTIONAL = Set.of("purpose", "length", "extractable", "legacy", "ImportKey.label");

    private final String text = description();
    private final Map<String, String> parameters = new HashMap<>();
    private final Map<String, String> results = new HashMap<>();

    InterfaceTest() {
        Matcher matcher = MEMBER.matcher(text.replaceAll("#[^\\n]*", ""));
        while (matcher.find()) {
            parameters.put(matcher.group(1) + " " + matcher.group(2), matcher.group(3));
            results.put(matcher.group(2), matcher.group(4) == null ? "" : matcher.group(4));
        }
    }

    private static String description() {
        try {
            return MessageCodec.interfaceDescription(MessageCodec.INTERFACE);
        } catch (MessageException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @DisplayName("Every method of the interface is a request, with the same parameters, and the other way round")
    void methods() {
        Set<String> described = new HashSet<>();
        for (Class<?> request : requests()) {
            if (request == GetInfo.class || request == GetInterfaceDescription.class) {
                continue;
            }
            String name = "method " + request.getSimpleName();
            described.add(name);
            assertThat(parameters).containsKey(name);
            assertThat(fields(parameters.get(name))).as(name).isEqualTo(fields(request));
        }
        assertThat(parameters.keySet().stream().filter(key -> key.startsWith("method ")))
                .containsExactlyInAnyOrderElementsOf(described);
    }

    @Test
    @DisplayName("Every object of the interface has the fields of its record")
    void types() {
        Map.of(
                        "Token", TokenDescription.class,
                        "Key", KeyDescription.class,
                        "Event", Reply.Event.class,
                        "Module", Reply.ModuleStatus.class)
                .forEach((type, record) -> assertThat(fields(parameters.get("type " + type)))
                        .as(type)
                        .isEqualTo(fields(record)));
    }

    @Test
    @DisplayName("Every result of the interface is what the codec writes")
    void results() {
        assertThat(fields(results.get("ListTokens"))).isEqualTo(Map.of("tokens", "?[]Token", "event", "?Event"));
        assertThat(fields(results.get("Status"))).isEqualTo(fields(Reply.StatusReport.class));
        assertThat(fields(results.get("DescribeProtection"))).isEqualTo(fields(Reply.Protection.class));
        for (String method : List.of("ListKeys", "GenerateKey", "ImportKey", "ImportCertificates")) {
            assertThat(fields(results.get(method))).isEqualTo(Map.of("keys", "?[]Key", "event", "?Event"));
        }
        Map.of(
                        "Sign",
                        "signature",
                        "Decrypt",
                        "plaintext",
                        "UnwrapContentKey",
                        "contentKey",
                        "Agree",
                        "sharedSecret",
                        "ExportKey",
                        "pkcs12")
                .forEach((method, result) -> assertThat(fields(results.get(method)))
                        .isEqualTo(Map.of(result, "?string", "event", "?Event")));
    }

    @Test
    @DisplayName("Every error code is an error of the interface, and the other way round")
    void errors() {
        assertThat(parameters.keySet().stream().filter(key -> key.startsWith("error ")))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(ErrorCode.values())
                        .map(code -> "error " + code.wireName())
                        .toList());
        for (ErrorCode code : ErrorCode.values()) {
            assertThat(fields(parameters.get("error " + code.wireName())))
                    .isEqualTo(Map.of("message", "string", "mayRetry", "bool"));
        }
    }

    @Test
    @DisplayName("Every name that may stand in a string is written down")
    void names() {
        for (Algorithm algorithm : Algorithm.values()) {
            if (algorithm != Algorithm.ECDH) {
                assertThat(text).contains(algorithm.wireName());
            }
        }
        for (KeyKind kind : KeyKind.values()) {
            assertThat(text).contains(kind.wireName());
        }
        for (Enum<?>[] constants : List.of(
                TokenDescription.State.values(),
                TokenDescription.Tries.values(),
                Reply.ModuleState.values(),
                Reply.Event.Kind.values())) {
            for (Enum<?> constant : constants) {
                assertThat(text).contains(MessageCodec.wireName(constant));
            }
        }
    }

    @Test
    @DisplayName("The bounds that the interface names are those that are checked")
    void bounds() {
        assertThat(text)
                .contains("at most " + MessageCodec.MAX_REQUEST + " bytes")
                .contains("at most " + MessageCodec.MAX_REPLY + ".")
                .contains("deeper than " + MessageCodec.MAX_DEPTH)
                .contains("at most " + RequestDecoder.MAX_PURPOSE + " characters")
                .contains("at most " + Sign.MAX_MESSAGE + " bytes");
    }

    private static List<Class<?>> requests() {
        return Messages.requests().stream()
                .<Class<?>>map(Object::getClass)
                .distinct()
                .toList();
    }

    private static Map<String, String> fields(@Nullable String declaration) {
        Map<String, String> fields = new LinkedHashMap<>();
        if (declaration != null && !declaration.isBlank()) {
            for (String field : declaration.split(",")) {
                String[] parts = field.split(":");
                fields.put(parts[0].strip(), parts[1].strip());
            }
        }
        return fields;
    }

    private static Map<String, String> fields(Class<?> record) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (RecordComponent component : record.getRecordComponents()) {
            boolean optional =
                    component.getAnnotatedType().isAnnotationPresent(Nullable.class) || inRequest(record, component);
            fields.put(component.getName(), (optional ? "?" : "") + type(component));
        }
        return fields;
    }

    private static boolean inRequest(Class<?> record, RecordComponent component) {
        return Request.class.isAssignableFrom(record)
                && (OPTIONAL.contains(component.getName())
                        || OPTIONAL.contains(record.getSimpleName() + "." + component.getName()));
    }

    private static String type(RecordComponent component) {
        if (List.class.isAssignableFrom(component.getType()) || Set.class.isAssignableFrom(component.getType())) {
            return LISTS.getOrDefault(component.getName(), "[]string");
        }
        return requireNonNull(TYPES.get(component.getType()), component.toString());
    }
}
