package org.tokend.pkcs11.token;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.CKA;

/**
 * The objects of a token as long as none comes, goes or changes an attribute. All applications search in the same list: with thousands of
 * objects what finds one quickly takes megabytes and milliseconds to make. Thread-safe.
 */
public final class TokenObjectList extends AbstractList<TokenObject> implements RandomAccess {
    /** Fewer objects than this are looked through as quickly as they are sorted by a value. */
    private static final int MANY = 64;

    /** By what programs look for one object; what fewest objects have in common comes first. */
    private static final long[] TELLING = {CKA.ID, CKA.SERIAL_NUMBER, CKA.LABEL, CKA.SUBJECT};

    private final List<TokenObject> all;
    private final Map<Long, TokenObject> byId;
    private final Map<Long, List<TokenObject>> byClass;

    /** For each type of attribute that somebody has looked for. */
    private final Map<Long, Map<Attribute, List<TokenObject>>> byValue = new ConcurrentHashMap<>();

    private TokenObjectList(List<TokenObject> all) {
        this.all = all;
        this.byId = all.stream().collect(Collectors.toMap(TokenObject::id, Function.identity()));
        this.byClass = all.stream().collect(Collectors.groupingBy(TokenObject::objectClass));
    }

    public static TokenObjectList of(List<TokenObject> objects) {
        return new TokenObjectList(List.copyOf(objects));
    }

    @Override
    public TokenObject get(int index) {
        return all.get(index);
    }

    @Override
    public int size() {
        return all.size();
    }

    public @Nullable TokenObject withId(long id) {
        return byId.get(id);
    }

    /** Those that can match: all that match are among them, in the order of this list. */
    public List<TokenObject> candidates(List<Attribute> template) throws TokenException {
        if (all.size() >= MANY) {
            for (long type : TELLING) {
                for (Attribute attribute : template) {
                    if (attribute.type() == type) {
                        return byValue(type).getOrDefault(attribute, List.of());
                    }
                }
            }
        }
        for (Attribute attribute : template) {
            if (attribute.type() == CKA.CLASS) {
                return byClass.getOrDefault(attribute.asLong(-1), List.of());
            }
        }
        return all;
    }

    private Map<Attribute, List<TokenObject>> byValue(long type) throws TokenException {
        Map<Attribute, List<TokenObject>> known = byValue.get(type);
        if (known == null) {
            known = new HashMap<>();
            for (TokenObject object : all) {
                known.computeIfAbsent(object.attributes(type).get(type), value -> new ArrayList<>(1))
                        .add(object);
            }
            byValue.put(type, known);
        }
        return known;
    }
}
