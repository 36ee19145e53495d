package org.tokend.pkcs11.application;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.AttributeValues;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKR;

/** An object in the daemon's memory: gone with the session that made it, seen by all sessions to the same token. */
final class SessionObject implements ApplicationObject {
    /** Of an object without attributes, and of an attribute without its value. */
    private static final long OBJECT_BYTES = 256;

    private static final long ATTRIBUTE_BYTES = 96;

    private final long handle;
    private final Session owner;
    private final Map<Long, byte[]> attributes = new LinkedHashMap<>();

    /** @param template complete and checked */
    SessionObject(long handle, Session owner, List<Attribute> template) {
        this.handle = handle;
        this.owner = owner;
        set(template);
    }

    Session owner() {
        return owner;
    }

    synchronized void set(List<Attribute> changes) {
        for (Attribute change : changes) {
            byte[] value = change.value();
            byte[] old =
                    value == null ? attributes.remove(change.type()) : attributes.put(change.type(), value.clone());
            if (old != null) {
                Arrays.fill(old, (byte) 0);
            }
        }
    }

    /** Everything, secrets too: for copies and for the use of a key, never for an answer. */
    synchronized List<Attribute> all() {
        List<Attribute> all = new ArrayList<>();
        attributes.forEach((type, value) -> all.add(Attribute.of(type, value.clone())));
        return all;
    }

    /** The value itself, to be wiped by the caller; empty where there is none. */
    synchronized byte[] secret(long type) {
        byte[] value = attributes.get(type);
        return value == null ? new byte[0] : value.clone();
    }

    synchronized int bytes() {
        return attributes.values().stream().mapToInt(value -> value.length).sum();
    }

    /** How many bytes of the daemon's memory it takes. */
    synchronized long memory() {
        return OBJECT_BYTES + attributes.size() * ATTRIBUTE_BYTES + bytes();
    }

    static long memory(List<Attribute> attributes) {
        return attributes.stream()
                .mapToLong(attribute -> attribute.value() == null ? 0 : ATTRIBUTE_BYTES + attribute.value().length)
                .sum();
    }

    synchronized void wipe() {
        attributes.values().forEach(value -> Arrays.fill(value, (byte) 0));
        attributes.clear();
    }

    @Override
    public long handle() {
        return handle;
    }

    @Override
    public long objectClass() {
        return value(CKA.CLASS).asLong(-1);
    }

    @Override
    public boolean isPrivate() {
        return value(CKA.PRIVATE).asBoolean(false);
    }

    private synchronized Attribute value(long type) {
        byte[] value = attributes.get(type);
        return value == null ? Attribute.unavailable(type) : Attribute.of(type, value.clone());
    }

    @Override
    public AttributeValues attributes(long... types) {
        boolean kept =
                value(CKA.SENSITIVE).asBoolean(false) || !value(CKA.EXTRACTABLE).asBoolean(true);
        long objectClass = objectClass();
        List<Attribute> answer = new ArrayList<>();
        long returnValue = CKR.OK;
        for (long type : types) {
            if (kept && SecretAttributes.isSecret(objectClass, type)) {
                answer.add(Attribute.unavailable(type));
                returnValue = CKR.ATTRIBUTE_SENSITIVE;
            } else {
                Attribute attribute = value(type);
                answer.add(attribute);
                returnValue =
                        attribute.value() == null && returnValue == CKR.OK ? CKR.ATTRIBUTE_TYPE_INVALID : returnValue;
            }
        }
        return new AttributeValues(answer, returnValue);
    }

    @Override
    public long size() {
        return bytes();
    }
}
