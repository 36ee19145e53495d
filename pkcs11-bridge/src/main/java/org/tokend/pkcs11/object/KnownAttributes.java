package org.tokend.pkcs11.object;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.AttributeValues;
import org.tokend.pkcs11.cryptoki.CKR;

/** What has been read of one object. Immutable, and small: a token may hold thousands of objects. */
final class KnownAttributes {
    private static final int OF_ANSWER = 64;

    static final KnownAttributes NONE = new KnownAttributes(new long[0], new Answer[0]);

    private final long[] types;
    private final Answer[] answers;

    private KnownAttributes(long[] types, Answer[] answers) {
        this.types = types;
        this.answers = answers;
    }

    static KnownAttributes of(Collection<Answer> read) {
        return NONE.with(read);
    }

    KnownAttributes with(Collection<Answer> read) {
        TreeMap<Long, Answer> all = new TreeMap<>();
        for (Answer answer : answers) {
            all.put(answer.attribute().type(), answer);
        }
        for (Answer answer : read) {
            all.put(answer.attribute().type(), answer);
        }
        long[] sorted = all.keySet().stream().mapToLong(Long::longValue).toArray();
        return new KnownAttributes(sorted, all.values().toArray(Answer[]::new));
    }

    int count() {
        return types.length;
    }

    /** Bytes of memory, more or less: long values stand in the keys that are made of them, too. */
    long weight() {
        long weight = 0;
        for (Answer answer : answers) {
            byte[] value = answer.attribute().value();
            weight += OF_ANSWER + (value == null ? 0 : 2L * value.length);
        }
        return weight;
    }

    @Nullable
    Answer get(long type) {
        int index = Arrays.binarySearch(types, type);
        return index < 0 ? null : answers[index];
    }

    /** The value, or null when it is not there or not known. */
    byte @Nullable [] value(long type) {
        Answer answer = get(type);
        return answer == null ? null : answer.attribute().value();
    }

    /** As C_GetAttributeValue answers; null when one of them is not known. */
    @Nullable
    AttributeValues answer(long... asked) {
        List<Attribute> attributes = new ArrayList<>(asked.length);
        long returnValue = CKR.OK;
        for (long type : asked) {
            Answer answer = get(type);
            if (answer == null) {
                return null;
            }
            attributes.add(answer.attribute());
            returnValue = worse(returnValue, answer.returnValue());
        }
        return new AttributeValues(attributes, returnValue);
    }

    /** Which of two reasons is told is the token's choice (PKCS#11 v3.1 §5.7.5); here it is the sensitive one. */
    static long worse(long one, long other) {
        if (one == CKR.OK || other == CKR.ATTRIBUTE_SENSITIVE) {
            return other;
        }
        return one;
    }

    boolean sameValues(KnownAttributes other, long... compared) {
        for (long type : compared) {
            if (!Arrays.equals(value(type), other.value(type))) {
                return false;
            }
        }
        return true;
    }
}
