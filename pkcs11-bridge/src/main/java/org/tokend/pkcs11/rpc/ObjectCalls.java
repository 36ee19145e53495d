package org.tokend.pkcs11.rpc;

import java.util.List;
import java.util.Map;
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
            long object = x.cryptoki().createObject(x.in().u64(), x.template());
            x.reply().u64(object);
        });
        table.put(Call.COPY_OBJECT, x -> {
            long object = x.cryptoki().copyObject(x.in().u64(), x.in().u64(), x.template());
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
            x.cryptoki().setAttributeValue(x.in().u64(), x.in().u64(), x.template());
            x.reply();
        });
        table.put(Call.FIND_OBJECTS_INIT, x -> {
            x.cryptoki().findObjectsInit(x.in().u64(), x.template());
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

    private static void getAttributeValue(Exchange x) throws CryptokiException, WireFormatException {
        long session = x.in().u64();
        long object = x.in().u64();
        List<AttributeQuery> asked = AttributeQuery.read(x.in());
        if (asked.isEmpty()) {
            // A reply with no attributes makes every stock client abort its program.
            throw x.failure(CKR.ARGUMENTS_BAD);
        }
        AttributeAnswers answers = new AttributeAnswers(x.client());
        long[] types = asked.stream()
                .mapToLong(AttributeQuery::type)
                .filter(answers::mayAsk)
                .toArray();
        AttributeValues values = types.length == 0
                ? new AttributeValues(List.of(), CKR.OK)
                : x.cryptoki().getAttributeValue(session, object, types);
        answers.write(x.reply(), asked, values);
    }
}
