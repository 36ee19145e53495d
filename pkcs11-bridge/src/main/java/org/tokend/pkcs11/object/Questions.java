package org.tokend.pkcs11.object;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.AttributeValues;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.ConnectionLostException;
import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/** Asks a token for attributes, in one session, and finds out why each is missing that is. For one thread. */
final class Questions {
    private static final int BATCH = 256;

    /** A broken token finds without end. */
    private static final int MOST_FOUND = 100_000;

    private final Cryptoki cryptoki;
    private final long session;

    /** Objects say the same of most of their attributes: each such answer is kept once. */
    private final Map<Answer, Answer> interned = new HashMap<>();

    /** By class: what tokens do not know and give up at. */
    private final Map<Long, long[]> usual = new HashMap<>();

    Questions(Cryptoki cryptoki, long session) {
        this.cryptoki = cryptoki;
        this.session = session;
    }

    /** All usual attributes in one call, where the token goes on after one that it does not know. */
    List<Answer> usual(long handle, long objectClass) throws CryptokiException {
        long[] types = usual.computeIfAbsent(objectClass, UsualAttributes::of);
        List<Answer> answers = together(handle, objectClass, types);
        if (answers == null) {
            answers = oneByOne(handle, types);
            usual.put(
                    objectClass,
                    answers.stream()
                            .filter(answer -> answer.returnValue() != CKR.ATTRIBUTE_TYPE_INVALID)
                            .mapToLong(answer -> answer.attribute().type())
                            .toArray());
        }
        return interned(answers);
    }

    /** Null when the answer is not to be relied upon. */
    private @Nullable List<Answer> together(long handle, long objectClass, long... types) throws CryptokiException {
        try {
            AttributeValues values = cryptoki.getAttributeValue(session, handle, types);
            long last = values.get(UsualAttributes.LAST).asLong(-1);
            return values.returnValue() == CKR.OK || last == objectClass ? answers(handle, values) : null;
        } catch (ConnectionLostException e) {
            throw e;
        } catch (CryptokiException e) {
            if (e.returnValue() == CKR.OBJECT_HANDLE_INVALID) {
                throw e;
            }
            // SoftHSM fails as a whole over one attribute that it cannot decrypt.
            return null;
        }
    }

    /** Without those that the token fails over, if it does not fail over every object's class as well. */
    private List<Answer> oneByOne(long handle, long... types) throws CryptokiException {
        List<Answer> answers = new ArrayList<>(ask(handle, UsualAttributes.LAST));
        for (long type : types) {
            if (type != UsualAttributes.LAST) {
                try {
                    answers.addAll(ask(handle, type));
                } catch (ConnectionLostException e) {
                    throw e;
                } catch (CryptokiException e) {
                    // Whoever wants this one is told.
                }
            }
        }
        answers.add(answers.removeFirst());
        return answers;
    }

    List<Answer> ask(long handle, long... types) throws CryptokiException {
        AttributeValues values = cryptoki.getAttributeValue(session, handle, types);
        return types.length == 1 || values.returnValue() == CKR.OK ? answers(handle, values) : singly(handle, types);
    }

    /**
     * The token says for all of them together whether one is sensitive or unknown. A value that is too long for a connection's first
     * answer is missing, too, where another attribute is unknown.
     */
    private List<Answer> answers(long handle, AttributeValues values) throws CryptokiException {
        long missing = values.attributes().stream()
                .filter(attribute -> attribute.value() == null)
                .count();
        boolean told = values.returnValue() != CKR.ATTRIBUTE_SENSITIVE || missing == 1;
        List<Answer> answers = new ArrayList<>(values.attributes().size());
        for (Attribute attribute : values.attributes()) {
            if (attribute.value() != null) {
                answers.add(new Answer(attribute, CKR.OK));
            } else if (values.attributes().size() == 1 || told && attribute.type() != CKA.VALUE) {
                answers.add(new Answer(attribute, values.returnValue()));
            } else {
                answers.addAll(singly(handle, attribute.type()));
            }
        }
        return answers;
    }

    private List<Answer> singly(long handle, long... types) throws CryptokiException {
        List<Answer> answers = new ArrayList<>(types.length);
        for (long type : types) {
            AttributeValues values = cryptoki.getAttributeValue(session, handle, type);
            Attribute attribute = values.get(type);
            answers.add(new Answer(attribute, attribute.value() == null ? values.returnValue() : CKR.OK));
        }
        return answers;
    }

    private List<Answer> interned(List<Answer> answers) {
        answers.replaceAll(answer -> {
            byte[] value = answer.attribute().value();
            boolean common = value == null || value.length <= Long.BYTES;
            return common ? interned.computeIfAbsent(answer, same -> same) : answer;
        });
        return answers;
    }

    long number(long handle, long type, long otherwise) throws CryptokiException {
        return cryptoki.getAttributeValue(session, handle, type).get(type).asLong(otherwise);
    }

    /** All handles that match, in the token's order. */
    List<Long> find(List<Attribute> template) throws CryptokiException, TooManyObjectsException {
        List<Long> handles = new ArrayList<>();
        cryptoki.findObjectsInit(session, template);
        for (long[] batch = cryptoki.findObjects(session, BATCH);
                batch.length > 0 && handles.size() <= MOST_FOUND;
                batch = cryptoki.findObjects(session, BATCH)) {
            Arrays.stream(batch).forEach(handles::add);
        }
        cryptoki.findObjectsFinal(session);
        if (handles.size() > MOST_FOUND) {
            throw new TooManyObjectsException(MOST_FOUND);
        }
        return handles;
    }
}
