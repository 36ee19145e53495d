package org.tokend.pkcs11.application;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKC;
import org.tokend.pkcs11.cryptoki.CKK;
import org.tokend.pkcs11.cryptoki.CKO;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/**
 * Which attributes a session object of one kind has (PKCS#11 v3.1 §4.4 to §4.10).
 *
 * @param required in the template of C_CreateObject
 * @param defaults of those that may be left out
 * @param ours those that nobody but we may give
 * @param fixed those that cannot be changed later
 */
record ObjectForm(Set<Long> required, Map<Long, Attribute> defaults, Set<Long> ours, Set<Long> fixed) {
    private static final byte[] NOTHING = {};
    private static final Set<Long> FIXED =
            Set.of(CKA.CLASS, CKA.TOKEN, CKA.PRIVATE, CKA.MODIFIABLE, CKA.COPYABLE, CKA.DESTROYABLE, CKA.TRUSTED);
    private static final Set<Long> FIXED_IN_KEYS = Set.of(
            CKA.KEY_TYPE,
            CKA.MODULUS,
            CKA.PUBLIC_EXPONENT,
            CKA.EC_PARAMS,
            CKA.EC_POINT,
            CKA.VALUE,
            CKA.ALLOWED_MECHANISMS,
            CKA.PUBLIC_KEY_INFO);

    static ObjectForm of(List<Attribute> template) throws CryptokiException {
        long objectClass = number(template, CKA.CLASS);
        if (objectClass == CKO.DATA) {
            return form(Set.of(), bytes(CKA.APPLICATION, CKA.OBJECT_ID, CKA.VALUE), Set.of(), Set.of());
        }
        if (objectClass == CKO.CERTIFICATE) {
            return certificate(template);
        }
        if (objectClass == CKO.PUBLIC_KEY) {
            return publicKey(number(template, CKA.KEY_TYPE));
        }
        if (objectClass == CKO.SECRET_KEY) {
            return secretKey(number(template, CKA.KEY_TYPE));
        }
        throw Refusal.of(CKR.TEMPLATE_INCONSISTENT);
    }

    private static long number(List<Attribute> template, long type) throws CryptokiException {
        for (Attribute attribute : template) {
            if (attribute.type() == type) {
                if (!AttributeForm.fits(attribute)) {
                    throw Refusal.of(CKR.ATTRIBUTE_VALUE_INVALID);
                }
                return attribute.asLong(-1);
            }
        }
        throw Refusal.of(CKR.TEMPLATE_INCOMPLETE);
    }

    private static ObjectForm certificate(List<Attribute> template) throws CryptokiException {
        if (number(template, CKA.CERTIFICATE_TYPE) != CKC.X_509) {
            throw Refusal.of(CKR.TEMPLATE_INCONSISTENT);
        }
        List<Attribute> defaults = new ArrayList<>(bytes(
                CKA.ID,
                CKA.ISSUER,
                CKA.SERIAL_NUMBER,
                CKA.START_DATE,
                CKA.END_DATE,
                CKA.CHECK_VALUE,
                CKA.URL,
                CKA.HASH_OF_SUBJECT_PUBLIC_KEY,
                CKA.HASH_OF_ISSUER_PUBLIC_KEY,
                CKA.PUBLIC_KEY_INFO));
        defaults.add(Attribute.of(CKA.TRUSTED, false));
        defaults.add(Attribute.of(CKA.CERTIFICATE_CATEGORY, 0L));
        defaults.add(Attribute.of(CKA.JAVA_MIDP_SECURITY_DOMAIN, 0L));
        return form(
                Set.of(CKA.CERTIFICATE_TYPE, CKA.SUBJECT, CKA.VALUE),
                defaults,
                Set.of(),
                Set.of(CKA.CERTIFICATE_TYPE, CKA.SUBJECT, CKA.VALUE, CKA.CERTIFICATE_CATEGORY));
    }

    private static ObjectForm publicKey(long keyType) throws CryptokiException {
        List<Attribute> defaults = new ArrayList<>(keyDefaults());
        defaults.addAll(bytes(CKA.SUBJECT, CKA.PUBLIC_KEY_INFO));
        for (long usage : new long[] {CKA.ENCRYPT, CKA.VERIFY, CKA.VERIFY_RECOVER, CKA.WRAP}) {
            defaults.add(Attribute.of(usage, true));
        }
        defaults.add(Attribute.of(CKA.TRUSTED, false));
        if (keyType == CKK.RSA) {
            defaults.add(Attribute.of(CKA.MODULUS_BITS, 0L));
            return form(
                    Set.of(CKA.KEY_TYPE, CKA.MODULUS, CKA.PUBLIC_EXPONENT),
                    defaults,
                    Set.of(CKA.LOCAL, CKA.KEY_GEN_MECHANISM, CKA.MODULUS_BITS),
                    FIXED_IN_KEYS);
        }
        if (keyType == CKK.EC || keyType == CKK.EC_EDWARDS) {
            return form(
                    Set.of(CKA.KEY_TYPE, CKA.EC_PARAMS, CKA.EC_POINT),
                    defaults,
                    Set.of(CKA.LOCAL, CKA.KEY_GEN_MECHANISM),
                    FIXED_IN_KEYS);
        }
        throw Refusal.of(CKR.TEMPLATE_INCONSISTENT);
    }

    private static ObjectForm secretKey(long keyType) throws CryptokiException {
        if (keyType != CKK.GENERIC_SECRET && keyType != CKK.AES) {
            throw Refusal.of(CKR.TEMPLATE_INCONSISTENT);
        }
        List<Attribute> defaults = new ArrayList<>(keyDefaults());
        defaults.addAll(bytes(CKA.CHECK_VALUE));
        for (long usage :
                new long[] {CKA.ENCRYPT, CKA.DECRYPT, CKA.SIGN, CKA.VERIFY, CKA.WRAP, CKA.UNWRAP, CKA.EXTRACTABLE}) {
            defaults.add(Attribute.of(usage, true));
        }
        for (long no : new long[] {
            CKA.SENSITIVE, CKA.ALWAYS_SENSITIVE, CKA.NEVER_EXTRACTABLE, CKA.WRAP_WITH_TRUSTED, CKA.TRUSTED
        }) {
            defaults.add(Attribute.of(no, false));
        }
        defaults.add(Attribute.of(CKA.VALUE_LEN, 0L));
        return form(
                Set.of(CKA.KEY_TYPE, CKA.VALUE),
                defaults,
                Set.of(CKA.LOCAL, CKA.KEY_GEN_MECHANISM, CKA.VALUE_LEN, CKA.ALWAYS_SENSITIVE, CKA.NEVER_EXTRACTABLE),
                FIXED_IN_KEYS);
    }

    private static List<Attribute> keyDefaults() {
        List<Attribute> defaults = new ArrayList<>(bytes(CKA.ID, CKA.START_DATE, CKA.END_DATE, CKA.ALLOWED_MECHANISMS));
        defaults.add(Attribute.of(CKA.DERIVE, false));
        defaults.add(Attribute.of(CKA.LOCAL, false));
        defaults.add(Attribute.of(CKA.KEY_GEN_MECHANISM, -1L));
        return defaults;
    }

    private static List<Attribute> bytes(long... types) {
        return Arrays.stream(types)
                .mapToObj(type -> Attribute.of(type, NOTHING))
                .toList();
    }

    /** Adds what all objects have. */
    private static ObjectForm form(Set<Long> required, List<Attribute> own, Set<Long> ours, Set<Long> fixed) {
        Map<Long, Attribute> defaults = new LinkedHashMap<>();
        defaults.put(CKA.LABEL, Attribute.of(CKA.LABEL, NOTHING));
        for (long no : new long[] {CKA.TOKEN, CKA.PRIVATE}) {
            defaults.put(no, Attribute.of(no, false));
        }
        for (long yes : new long[] {CKA.MODIFIABLE, CKA.COPYABLE, CKA.DESTROYABLE}) {
            defaults.put(yes, Attribute.of(yes, true));
        }
        own.forEach(attribute -> defaults.put(attribute.type(), attribute));
        Set<Long> allFixed = new HashSet<>(FIXED);
        allFixed.addAll(fixed);
        allFixed.addAll(ours);
        return new ObjectForm(required, defaults, ours, Set.copyOf(allFixed));
    }

    boolean knows(long type) {
        return type == CKA.CLASS || required.contains(type) || defaults.containsKey(type);
    }
}
