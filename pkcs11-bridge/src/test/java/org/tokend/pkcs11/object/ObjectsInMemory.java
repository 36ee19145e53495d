package org.tokend.pkcs11.object;

import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.AttributeValues;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/** A token's objects and nothing else, counting the calls; answers as badly as it is told to. */
final class ObjectsInMemory {
    private final TreeMap<Long, Map<Long, Attribute>> objects = new TreeMap<>();
    private final Map<String, Integer> calls = new HashMap<>();
    private final Deque<Long> found = new ArrayDeque<>();
    private long lastHandle;

    /** What the token fails over as a whole. */
    long failsOver = -1;

    /** Nothing is filled in when one attribute is not there. */
    boolean givesUp;

    long add(Attribute... attributes) {
        Map<Long, Attribute> object = new HashMap<>();
        for (Attribute attribute : attributes) {
            object.put(attribute.type(), attribute);
        }
        objects.put(++lastHandle, object);
        return lastHandle;
    }

    void put(long handle, Attribute attribute) {
        objects.computeIfAbsent(handle, none -> new HashMap<>()).put(attribute.type(), attribute);
    }

    void clear() {
        objects.clear();
    }

    void remove(long handle) {
        objects.remove(handle);
    }

    /** All handles become others, as after a login. */
    void renumber() {
        Collection<Map<Long, Attribute>> all = new ArrayList<>(objects.values());
        objects.clear();
        all.forEach(object -> objects.put(++lastHandle, object));
    }

    int calls(String name) {
        return calls.getOrDefault(name, 0);
    }

    void forgetCalls() {
        calls.clear();
    }

    Cryptoki cryptoki() {
        return (Cryptoki) Proxy.newProxyInstance(
                Cryptoki.class.getClassLoader(), new Class<?>[] {Cryptoki.class}, (proxy, method, arguments) -> {
                    calls.merge(method.getName(), 1, Integer::sum);
                    return answer(method.getName(), arguments);
                });
    }

    @SuppressWarnings("unchecked")
    private @Nullable Object answer(String name, Object[] arguments) throws CryptokiException {
        switch (name) {
            case "findObjectsInit" -> {
                List<Attribute> template = (List<Attribute>) arguments[1];
                objects.forEach((handle, object) -> {
                    if (template.stream().allMatch(wanted -> wanted.equals(object.get(wanted.type())))) {
                        found.add(handle);
                    }
                });
                return null;
            }
            case "findObjects" -> {
                List<Long> batch = new ArrayList<>();
                while (!found.isEmpty() && batch.size() < (int) arguments[1]) {
                    batch.add(found.poll());
                }
                return batch.stream().mapToLong(Long::longValue).toArray();
            }
            case "findObjectsFinal" -> {
                return null;
            }
            case "getAttributeValue" -> {
                return values((long) arguments[1], (long[]) arguments[2]);
            }
            default -> throw new AssertionError(name);
        }
    }

    private AttributeValues values(long handle, long... types) throws CryptokiException {
        Map<Long, Attribute> object = objects.get(handle);
        if (object == null) {
            throw new CryptokiException("C_GetAttributeValue", CKR.OBJECT_HANDLE_INVALID);
        }
        List<Attribute> attributes = new ArrayList<>();
        long returnValue = CKR.OK;
        for (long type : types) {
            if (type == failsOver) {
                throw new CryptokiException("C_GetAttributeValue", CKR.GENERAL_ERROR);
            }
            Attribute attribute = object.getOrDefault(type, Attribute.unavailable(type));
            if (!object.containsKey(type)) {
                returnValue = returnValue == CKR.OK ? CKR.ATTRIBUTE_TYPE_INVALID : returnValue;
            } else if (attribute.value() == null) {
                returnValue = CKR.ATTRIBUTE_SENSITIVE;
            }
            attributes.add(givesUp && returnValue != CKR.OK ? Attribute.unavailable(type) : attribute);
        }
        return new AttributeValues(attributes, returnValue);
    }
}
