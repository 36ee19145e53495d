package org.tokend.pkcs11.uri;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A {@code pkcs11:} URI (RFC 7512). Immutable. Attributes that this class does not know are kept, and keep the URI from
 * matching anything: a filter that nobody understands must not be widened by leaving it out.
 */
public final class Pkcs11Uri {
    static final String SCHEME = "pkcs11:";

    /** Path attributes that can be compared with a token or with an object on it. */
    private static final Set<String> MATCHED =
            Set.of("token", "manufacturer", "model", "serial", "object", "id", "type");

    private static final Set<String> KEY_TYPES = Set.of("private", "public", "cert");

    private final Map<String, byte[]> path;
    private final Map<String, byte[]> query;

    /** Each request is recorded with URIs that were made long before. Whoever comes first writes it. */
    private @Nullable String text;

    Pkcs11Uri(Map<String, byte[]> path, Map<String, byte[]> query) {
        this.path = path;
        this.query = query;
    }

    /** @throws Pkcs11UriException with the position, also for {@code pin-value}, which is refused */
    public static Pkcs11Uri parse(String text) throws Pkcs11UriException {
        return new UriReader(text).read();
    }

    public static Builder builder() {
        return new Builder();
    }

    public Optional<String> token() {
        return text("token");
    }

    public Optional<String> manufacturer() {
        return text("manufacturer");
    }

    public Optional<String> model() {
        return text("model");
    }

    public Optional<String> serial() {
        return text("serial");
    }

    public Optional<String> object() {
        return text("object");
    }

    public Optional<String> type() {
        return text("type");
    }

    /** CKA_ID: bytes, not text. */
    public Optional<byte[]> id() {
        return Optional.ofNullable(path.get("id")).map(byte[]::clone);
    }

    /** Where a PIN is to be read from, such as a {@code file:} URI (RFC 7512 §2.4). */
    public Optional<String> pinSource() {
        return queryText("pin-source");
    }

    public Optional<String> moduleName() {
        return queryText("module-name");
    }

    public Optional<String> modulePath() {
        return queryText("module-path");
    }

    /** Any path attribute as text, also vendors' own. */
    public Optional<String> text(String attribute) {
        return Optional.ofNullable(path.get(attribute)).map(value -> new String(value, StandardCharsets.UTF_8));
    }

    /** Any query attribute as text, also vendors' own. */
    public Optional<String> queryText(String attribute) {
        return Optional.ofNullable(query.get(attribute)).map(value -> new String(value, StandardCharsets.UTF_8));
    }

    /**
     * Path attributes by which nothing is ever found here: slots, because they move, the library, because a token is the same
     * in each, and those nobody knows. A URI that has one matches nothing, and this list is what to tell the person.
     */
    public List<String> unmatchable() {
        List<String> names = new ArrayList<>(path.keySet());
        names.removeAll(MATCHED);
        return names;
    }

    private boolean isMatchable() {
        return MATCHED.containsAll(path.keySet());
    }

    /** Whether a token fits; attributes of objects are not looked at. */
    public boolean matchesToken(String label, String manufacturer, String model, String serial) {
        return isMatchable()
                && fits("token", label)
                && fits("manufacturer", manufacturer)
                && fits("model", model)
                && fits("serial", serial);
    }

    /** Whether a key pair fits, by any of its objects: private key, public key or certificate. */
    public boolean matchesKey(byte[] id, String label) {
        byte[] wanted = path.get("id");
        return isMatchable()
                && (wanted == null || Arrays.equals(wanted, id))
                && fits("object", label)
                && type().map(KEY_TYPES::contains).orElse(true);
    }

    private boolean fits(String attribute, String value) {
        byte[] wanted = path.get(attribute);
        return wanted == null || Arrays.equals(wanted, value.getBytes(StandardCharsets.UTF_8));
    }

    /** The path without what belongs to an object, and without the query. */
    public Pkcs11Uri ofToken() {
        Map<String, byte[]> kept = new LinkedHashMap<>(path);
        kept.keySet().removeAll(Set.of("object", "id", "type"));
        return new Pkcs11Uri(kept, Map.of());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Pkcs11Uri that && toString().equals(that.toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    /** The URI in one normal form: attributes in the order of RFC 7512 §2.3, only what must be is percent-encoded. */
    @Override
    public String toString() {
        String written = text;
        if (written == null) {
            written = UriWriter.write(path, query);
            text = written;
        }
        return written;
    }

    /** Collects attributes; an empty value is a value. */
    public static final class Builder {
        private final Map<String, byte[]> path = new LinkedHashMap<>();
        private final Map<String, byte[]> query = new LinkedHashMap<>();

        private Builder() {}

        public Builder token(String label) {
            return with("token", label);
        }

        public Builder manufacturer(String name) {
            return with("manufacturer", name);
        }

        public Builder model(String name) {
            return with("model", name);
        }

        public Builder serial(String number) {
            return with("serial", number);
        }

        public Builder object(String label) {
            return with("object", label);
        }

        public Builder id(byte[] id) {
            path.put("id", id.clone());
            return this;
        }

        /** {@code private}, {@code public}, {@code cert}, {@code secret-key} or {@code data}. */
        public Builder type(String type) {
            return with("type", type);
        }

        public Builder pinSource(String source) {
            query.put("pin-source", source.getBytes(StandardCharsets.UTF_8));
            return this;
        }

        private Builder with(String attribute, String value) {
            path.put(attribute, value.getBytes(StandardCharsets.UTF_8));
            return this;
        }

        public Pkcs11Uri build() {
            return new Pkcs11Uri(new LinkedHashMap<>(path), new LinkedHashMap<>(query));
        }
    }
}
