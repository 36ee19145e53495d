package org.tokend.pkcs11.application;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.token.Token;
import org.tokend.pkcs11.token.TokenObject;

/** The objects of tokens by id, by class and by CKA_ID. */
final class ObjectIndex {
    /** Fewer objects than this are looked through as quickly as they are sorted by CKA_ID. */
    private static final int MANY = 64;

    private record Known(
            List<TokenObject> all,
            Map<Long, TokenObject> byId,
            Map<Long, List<TokenObject>> byClass,
            Map<Attribute, List<TokenObject>> byCkaId) {}

    private final Map<Token, Known> known = new ConcurrentHashMap<>();

    @Nullable
    TokenObject byId(Token token, long id) throws TokenException {
        return known(token).byId().get(id);
    }

    /** Those that can match: all that match are among them. */
    List<TokenObject> candidates(Token token, List<Attribute> template) throws TokenException {
        Known objects = known(token);
        for (Attribute attribute : template) {
            if (attribute.type() == CKA.ID && objects.all().size() >= MANY) {
                return objects.byCkaId().getOrDefault(attribute, List.of());
            }
        }
        for (Attribute attribute : template) {
            if (attribute.type() == CKA.CLASS) {
                return objects.byClass().getOrDefault(attribute.asLong(-1), List.of());
            }
        }
        return objects.all();
    }

    private Known known(Token token) throws TokenException {
        List<TokenObject> now = token.objects();
        Known before = known.get(token);
        if (before != null && isSame(before.all(), now)) {
            return before;
        }
        Known read = read(now);
        known.put(token, read);
        return read;
    }

    /** The token gives another list when an attribute has changed, too. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean isSame(List<TokenObject> before, List<TokenObject> now) {
        return before == now;
    }

    private static Known read(List<TokenObject> objects) throws TokenException {
        Map<Attribute, List<TokenObject>> byCkaId = new HashMap<>();
        if (objects.size() >= MANY) {
            for (TokenObject object : objects) {
                byCkaId.computeIfAbsent(object.attributes(CKA.ID).get(CKA.ID), any -> new ArrayList<>())
                        .add(object);
            }
        }
        return new Known(
                objects,
                objects.stream().collect(Collectors.toMap(TokenObject::id, Function.identity())),
                objects.stream().collect(Collectors.groupingBy(TokenObject::objectClass)),
                byCkaId);
    }

    void clear() {
        known.clear();
    }
}
