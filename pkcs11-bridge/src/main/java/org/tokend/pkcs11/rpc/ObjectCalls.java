package org.tokend.pkcs11.rpc;

import java.util.List;
import java.util.Map;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.AttributeValues;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/** Serves objects and their attributes. */
final class ObjectCalls {
    /** So that a search for "all" does not make the module's wrapper set aside room for that many. */
    private static final int MOST_FOUND = 4096;

    private ObjectCalls() {}

    static void addTo(Map<Call, Handler> table) {
        table.put(Call.CREATE_OBJECT, x -> {
            long object = x.cryptoki().createObject(x.in().u64(), AttributeCodec.readTemplate(x.in(), x.call()));
            x.reply().u64(object);
        });
        table.put(Call.COPY_OBJECT, x -> {
            long object =
                    x.cryptoki().copyObject(x.in().u64(), x.in().u64(), AttributeCodec.readTemplate(x.in(), x.call()));
            x.reply().u64(object);
        });
        table.put(Call.DESTROY_OBJECT, x -> {
            x.cryptoki().destroyObject(x.in().u64(), x.in().u64());
            x.reply();
        });
        table.put(Call.GET_OBJECT_SIZE, x -> {
            long size = x.cryptoki().getObjectSize(x.in().u64(), x.in().u64());
            x.reply().u64(size);
        });
        table.put(Call.GET_ATTRIBUTE_VALUE, ObjectCalls::getAttributeValue);
        table.put(Call.SET_ATTRIBUTE_VALUE, x -> {
            x.cryptoki().setAttributeValue(x.in().u64(), x.in().u64(), AttributeCodec.readTemplate(x.in(), x.call()));
            x.reply();
        });
        table.put(Call.FIND_OBJECTS_INIT, x -> {
            x.cryptoki().findObjectsInit(x.in().u64(), AttributeCodec.readTemplate(x.in(), x.call()));
            x.reply();
        });
        table.put(Call.FIND_OBJECTS, ObjectCalls::findObjects);
        table.put(Call.FIND_OBJECTS_FINAL, x -> {
            x.cryptoki().findObjectsFinal(x.in().u64());
            x.reply();
        });
    }

    private static void findObjects(Exchange x) throws CryptokiException, WireFormatException {
        long session = x.in().u64();
        int most = Math.min(x.numbers(), MOST_FOUND);
        // Upstream lets the module refuse a search for none; none are found just as well.
        x.reply().numbers(most == 0 ? new long[0] : x.cryptoki().findObjects(session, most));
    }

    /**
     * The lengths of the caller's buffers are compared here: clients believe the return value more than their own eyes. An
     * attribute whose value this protocol or {@code Cryptoki} cannot carry is answered as one that the object does not have.
     */
    private static void getAttributeValue(Exchange x) throws CryptokiException, WireFormatException {
        long session = x.in().u64();
        long object = x.in().u64();
        List<AttributeQuery> asked = AttributeQuery.read(x.in());
        if (asked.isEmpty()) {
            // A reply with no attributes makes every stock client abort its program.
            throw x.failure(CKR.ARGUMENTS_BAD);
        }
        long[] types = asked.stream()
                .mapToLong(AttributeQuery::type)
                .filter(type -> AttributeEncoding.of(type) != AttributeEncoding.TEMPLATE)
                .toArray();
        AttributeValues values = types.length == 0
                ? new AttributeValues(List.of(), CKR.OK)
                : x.cryptoki().getAttributeValue(session, object, types);
        long returnValue = values.returnValue();
        MessageWriter out = x.reply().u32(asked.size());
        for (AttributeQuery query : asked) {
            long outcome = writeAnswer(out, query, values.get(query.type()));
            returnValue = returnValue == CKR.OK ? outcome : returnValue;
        }
        out.u64(returnValue);
    }

    /** @return CKR_OK, or what keeps the value from being sent */
    private static long writeAnswer(MessageWriter out, AttributeQuery query, Attribute attribute)
            throws WireFormatException {
        byte[] value = attribute.value();
        if (value == null) {
            AttributeCodec.writeUnavailable(out, query.type());
            return AttributeEncoding.of(query.type()) == AttributeEncoding.TEMPLATE
                    ? CKR.ATTRIBUTE_TYPE_INVALID
                    : CKR.OK;
        }
        if (!AttributeCodec.canCarry(AttributeEncoding.of(query.type()), value.length)) {
            AttributeCodec.writeUnavailable(out, query.type());
            return CKR.ATTRIBUTE_TYPE_INVALID;
        }
        if (query.length() == 0) {
            AttributeCodec.writeLength(out, query.type(), value.length);
            return CKR.OK;
        }
        if (Integer.toUnsignedLong(query.length()) < value.length) {
            AttributeCodec.writeUnavailable(out, query.type());
            return CKR.BUFFER_TOO_SMALL;
        }
        AttributeCodec.write(out, attribute);
        return CKR.OK;
    }
}
