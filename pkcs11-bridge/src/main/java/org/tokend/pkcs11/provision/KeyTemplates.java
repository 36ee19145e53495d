package org.tokend.pkcs11.provision;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.tokend.pkcs11.KeyType;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKK;
import org.tokend.pkcs11.cryptoki.CKM;
import org.tokend.pkcs11.cryptoki.CKO;
import org.tokend.pkcs11.cryptoki.Mechanism;
import org.tokend.pkcs11.key.Curve;

/** The attributes of key pairs: RSA signs and decrypts, EC signs and agrees, Ed25519 signs. */
final class KeyTemplates {
    private static final byte[] F4 = {1, 0, 1};

    private KeyTemplates() {}

    static Mechanism generation(KeyType type) {
        return Mechanism.of(
                switch (type) {
                    case RSA -> CKM.RSA_PKCS_KEY_PAIR_GEN;
                    case P256, P384, P521 -> CKM.EC_KEY_PAIR_GEN;
                    case ED25519 -> CKM.EC_EDWARDS_KEY_PAIR_GEN;
                });
    }

    /** For C_GenerateKeyPair. */
    static List<Attribute> newPublicKey(NewKey wanted, byte[] id) {
        List<Attribute> template = common(CKO.PUBLIC_KEY, wanted.type(), wanted.label(), id);
        template.add(Attribute.of(CKA.PRIVATE, false));
        template.addAll(publicUses(wanted.type()));
        if (wanted.type() == KeyType.RSA) {
            template.add(Attribute.of(CKA.MODULUS_BITS, wanted.bits()));
            template.add(Attribute.of(CKA.PUBLIC_EXPONENT, F4));
        } else {
            template.add(Attribute.of(CKA.EC_PARAMS, curve(wanted.type())));
        }
        return template;
    }

    /** For C_GenerateKeyPair, and with the key itself for C_CreateObject. */
    static List<Attribute> privateKey(NewKey wanted, byte[] id) {
        List<Attribute> template = common(CKO.PRIVATE_KEY, wanted.type(), wanted.label(), id);
        template.add(Attribute.of(CKA.PRIVATE, true));
        template.add(Attribute.of(CKA.SENSITIVE, true));
        template.add(Attribute.of(CKA.EXTRACTABLE, wanted.extractable()));
        template.add(Attribute.of(CKA.SIGN, true));
        switch (wanted.type()) {
            case RSA -> template.add(Attribute.of(CKA.DECRYPT, true));
            case P256, P384, P521 -> template.add(Attribute.of(CKA.DERIVE, true));
            case ED25519 -> {}
        }
        return template;
    }

    /** A public key that is put beside an imported private one. */
    static List<Attribute> publicKey(NewKey wanted, byte[] id) {
        List<Attribute> template = common(CKO.PUBLIC_KEY, wanted.type(), wanted.label(), id);
        template.add(Attribute.of(CKA.PRIVATE, false));
        template.addAll(publicUses(wanted.type()));
        return template;
    }

    static byte[] curve(KeyType type) {
        return Curve.of(type).orElseThrow().oid();
    }

    private static List<Attribute> publicUses(KeyType type) {
        Attribute verify = Attribute.of(CKA.VERIFY, true);
        return type == KeyType.RSA ? List.of(verify, Attribute.of(CKA.ENCRYPT, true)) : List.of(verify);
    }

    private static List<Attribute> common(long objectClass, KeyType type, String label, byte[] id) {
        List<Attribute> template = new ArrayList<>();
        template.add(Attribute.of(CKA.CLASS, objectClass));
        template.add(Attribute.of(CKA.KEY_TYPE, keyType(type)));
        template.add(Attribute.of(CKA.TOKEN, true));
        template.add(Attribute.of(CKA.LABEL, label.getBytes(StandardCharsets.UTF_8)));
        template.add(Attribute.of(CKA.ID, id));
        return template;
    }

    private static long keyType(KeyType type) {
        return switch (type) {
            case RSA -> CKK.RSA;
            case P256, P384, P521 -> CKK.EC;
            case ED25519 -> CKK.EC_EDWARDS;
        };
    }
}
