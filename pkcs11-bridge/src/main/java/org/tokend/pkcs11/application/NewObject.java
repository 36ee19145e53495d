package org.tokend.pkcs11.application;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKK;
import org.tokend.pkcs11.cryptoki.CKO;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/** Templates of session objects: checked and completed (PKCS#11 v3.1 §4.1.1). */
final class NewObject {
    private static final Set<Integer> AES_LENGTHS = Set.of(16, 24, 32);

    private static final Set<Long> MAY_CHANGE_IN_COPY =
            Set.of(CKA.TOKEN, CKA.PRIVATE, CKA.MODIFIABLE, CKA.COPYABLE, CKA.DESTROYABLE);

    private NewObject() {}

    /** For C_CreateObject, and for keys that are derived. */
    static List<Attribute> complete(List<Attribute> template) throws CryptokiException {
        Map<Long, Attribute> given = byType(template);
        ObjectForm form = ObjectForm.of(template);
        for (long type : given.keySet()) {
            if (form.ours().contains(type)) {
                throw Refusal.of(CKR.ATTRIBUTE_READ_ONLY);
            }
        }
        return complete(form, given);
    }

    private static List<Attribute> complete(ObjectForm form, Map<Long, Attribute> given) throws CryptokiException {
        for (long type : given.keySet()) {
            if (!form.knows(type)) {
                throw Refusal.of(CKR.ATTRIBUTE_TYPE_INVALID);
            }
        }
        if (!given.keySet().containsAll(form.required())) {
            throw Refusal.of(CKR.TEMPLATE_INCOMPLETE);
        }
        Attribute trusted = given.get(CKA.TRUSTED);
        if (trusted != null && trusted.asBoolean(false)) {
            // Only a security officer may say so, and not of an object in memory.
            throw Refusal.of(CKR.ATTRIBUTE_READ_ONLY);
        }
        Map<Long, Attribute> all = new LinkedHashMap<>(form.defaults());
        all.putAll(given);
        derive(all);
        return new ArrayList<>(all.values());
    }

    /** Twice the same attribute is a mistake, unless both say the same. */
    private static Map<Long, Attribute> byType(List<Attribute> template) throws CryptokiException {
        Map<Long, Attribute> byType = new LinkedHashMap<>();
        for (Attribute attribute : template) {
            if (!AttributeForm.fits(attribute)) {
                throw Refusal.of(CKR.ATTRIBUTE_VALUE_INVALID);
            }
            Attribute other = byType.put(attribute.type(), attribute);
            if (other != null && !other.equals(attribute)) {
                throw Refusal.of(CKR.TEMPLATE_INCONSISTENT);
            }
        }
        return byType;
    }

    /** Attributes that follow from others, and keys that cannot be. */
    private static void derive(Map<Long, Attribute> all) throws CryptokiException {
        long objectClass = number(all, CKA.CLASS);
        if (objectClass == CKO.SECRET_KEY) {
            int length = length(all, CKA.VALUE);
            if (length == 0 || number(all, CKA.KEY_TYPE) == CKK.AES && !AES_LENGTHS.contains(length)) {
                throw Refusal.of(CKR.ATTRIBUTE_VALUE_INVALID);
            }
            all.put(CKA.VALUE_LEN, Attribute.of(CKA.VALUE_LEN, (long) length));
        } else if (objectClass == CKO.PUBLIC_KEY && number(all, CKA.KEY_TYPE) == CKK.RSA) {
            int bits = new BigInteger(1, bytes(all, CKA.MODULUS)).bitLength();
            all.put(CKA.MODULUS_BITS, Attribute.of(CKA.MODULUS_BITS, (long) bits));
        }
    }

    private static long number(Map<Long, Attribute> all, long type) {
        Attribute attribute = all.get(type);
        return attribute == null ? -1 : attribute.asLong(-1);
    }

    private static byte[] bytes(Map<Long, Attribute> all, long type) {
        Attribute attribute = all.get(type);
        byte[] value = attribute == null ? null : attribute.value();
        return value == null ? new byte[0] : value;
    }

    private static int length(Map<Long, Attribute> all, long type) {
        return bytes(all, type).length;
    }

    /** For C_SetAttributeValue: what may be changed, and secrets only ever become more secret. */
    static void checkChanges(ApplicationObject object, List<Attribute> changes)
            throws CryptokiException, TokenException {
        ObjectForm form = ObjectForm.of(List.of(
                Attribute.of(CKA.CLASS, object.objectClass()),
                Attribute.of(CKA.KEY_TYPE, object.number(CKA.KEY_TYPE, CKK.GENERIC_SECRET)),
                Attribute.of(CKA.CERTIFICATE_TYPE, object.number(CKA.CERTIFICATE_TYPE, 0))));
        if (!object.flag(CKA.MODIFIABLE, true)) {
            throw Refusal.of(CKR.ACTION_PROHIBITED);
        }
        for (Attribute change : byType(changes).values()) {
            if (!form.knows(change.type())) {
                throw Refusal.of(CKR.ATTRIBUTE_TYPE_INVALID);
            }
            if (form.fixed().contains(change.type()) || isOneWay(object, change)) {
                throw Refusal.of(CKR.ATTRIBUTE_READ_ONLY);
            }
        }
    }

    private static boolean isOneWay(ApplicationObject object, Attribute change) throws TokenException {
        if (change.type() == CKA.SENSITIVE) {
            return object.flag(CKA.SENSITIVE, false) && !change.asBoolean(true);
        }
        return change.type() == CKA.EXTRACTABLE && !object.flag(CKA.EXTRACTABLE, true) && change.asBoolean(false);
    }

    /** For C_CopyObject: the template's attributes over those of the object; what follows from others is found anew. */
    static List<Attribute> copied(ApplicationObject object, List<Attribute> all, List<Attribute> template)
            throws CryptokiException, TokenException {
        if (!object.flag(CKA.COPYABLE, true)) {
            throw Refusal.of(CKR.ACTION_PROHIBITED);
        }
        ObjectForm form = ObjectForm.of(all);
        Map<Long, Attribute> copy = new LinkedHashMap<>();
        all.forEach(attribute -> copy.put(attribute.type(), attribute));
        for (Attribute change : byType(template).values()) {
            if (!form.knows(change.type())) {
                throw Refusal.of(CKR.ATTRIBUTE_TYPE_INVALID);
            }
            boolean mayChange =
                    MAY_CHANGE_IN_COPY.contains(change.type()) || !form.fixed().contains(change.type());
            if (!object.has(change) && (!mayChange || isOneWay(object, change))) {
                throw Refusal.of(CKR.ATTRIBUTE_READ_ONLY);
            }
            copy.put(change.type(), change);
        }
        return new ArrayList<>(copy.values());
    }
}
