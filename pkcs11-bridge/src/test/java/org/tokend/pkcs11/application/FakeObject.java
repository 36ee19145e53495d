package org.tokend.pkcs11.application;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.AttributeValues;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.token.TokenObject;

/** A token object that is a list of attributes; counts how often it is asked. */
final class FakeObject implements TokenObject {
    final Map<Long, Attribute> attributes = new TreeMap<>();
    int asked;
    private final long id;
    private final @Nullable KeyDescriptor key;

    FakeObject(long id, @Nullable KeyDescriptor key, List<Attribute> attributes) {
        this.id = id;
        this.key = key;
        attributes.forEach(attribute -> this.attributes.put(attribute.type(), attribute));
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public long objectClass() {
        Attribute value = attributes.get(CKA.CLASS);
        return value == null ? -1 : value.asLong(-1);
    }

    @Override
    public boolean isPrivate() {
        Attribute value = attributes.get(CKA.PRIVATE);
        return value != null && value.asBoolean(false);
    }

    @Override
    public @Nullable KeyDescriptor key() {
        return key;
    }

    @Override
    public AttributeValues attributes(long... types) {
        asked++;
        List<Attribute> answer = new ArrayList<>();
        long returnValue = CKR.OK;
        for (long type : types) {
            Attribute known = attributes.get(type);
            answer.add(known == null ? Attribute.unavailable(type) : known);
            returnValue = known == null ? CKR.ATTRIBUTE_TYPE_INVALID : returnValue;
        }
        return new AttributeValues(answer, returnValue);
    }

    @Override
    public long size() {
        return 4711;
    }
}
