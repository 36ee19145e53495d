package org.tokend.pkcs11.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.cryptoki.AttributeValues;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CryptokiException;

@DisplayName("The objects of a token")
class ObjectsTest {
    @SuppressWarnings("NullAway.Init")
    private ObjectsRig objects;

    @BeforeEach
    void open() throws Exception {
        objects = new ObjectsRig();
    }

    @AfterEach
    void close() {
        objects.close();
    }

    static long[] allTypes() throws IllegalAccessException {
        List<Long> types = new ArrayList<>();
        for (Field field : CKA.class.getFields()) {
            if (Modifier.isStatic(field.getModifiers())) {
                types.add(field.getLong(null));
            }
        }
        types.add(0xce5363b4L);
        types.add(0x80000001L);
        return types.stream().mapToLong(Long::longValue).toArray();
    }

    @Test
    @DisplayName(
            "are answered byte for byte as the token answers, one by one and all at once, before and after they are known")
    void sameAsDirectly() throws Exception {
        objects.rig().login();
        objects.createSecret("sensitive", true);
        objects.createSecret("extractable", false);
        objects.createData("note", "to be remembered", false);
        objects.createData("empty", "", true);
        objects.rig().token().distrust(objects.rig().token().generation(), "test");
        long[] types = allTypes();
        assertThat(objects.rig().token().objects()).hasSize(10);
        for (int round = 0; round < 2; round++) {
            for (TokenObject object : objects.rig().token().objects()) {
                for (long type : types) {
                    assertThat(throughCatalogue(object, type))
                            .as("%s attribute 0x%x", object, type)
                            .isEqualTo(directly(object, type));
                }
                long[] readable = Arrays.stream(types)
                        .filter(type -> directly(object, type) instanceof AttributeValues)
                        .toArray();
                assertThat(throughCatalogue(object, readable)).isEqualTo(directly(object, readable));
                assertThat(object.size())
                        .isEqualTo(objects.directly(
                                (cryptoki, session) -> cryptoki.getObjectSize(session, ObjectsRig.handle(object))));
            }
        }
    }

    /** What came, or the return value. */
    private Object directly(TokenObject object, long... types) {
        try {
            return objects.directly(
                    (cryptoki, session) -> cryptoki.getAttributeValue(session, ObjectsRig.handle(object), types));
        } catch (CryptokiException e) {
            return e.returnValue();
        }
    }

    private static Object throughCatalogue(TokenObject object, long... types) throws TokenException {
        try {
            return object.attributes(types);
        } catch (TokenException.Failed e) {
            return e.returnValue();
        }
    }

    @Test
    @DisplayName("the attributes that programs ask are read in one call for each object, and then never again")
    void oneCallEach() throws Exception {
        objects.rig().login();
        objects.rig().token().distrust(objects.rig().token().generation(), "test");
        objects.rig().module().honest();
        int count = objects.rig().token().objects().size();

        assertThat(objects.rig().module().calls().stream().filter("getAttributeValue"::equals))
                .hasSizeLessThan(2 * count + 1);
        objects.rig().module().honest();
        for (TokenObject object : objects.rig().token().objects()) {
            object.attributes(CKA.CLASS, CKA.ID, CKA.LABEL, CKA.KEY_TYPE, CKA.PRIVATE, CKA.SUBJECT);
        }
        assertThat(objects.rig().token().keys()).hasSize(3);
        assertThat(objects.rig().module().calls()).doesNotContain("getAttributeValue", "findObjects");
    }

    @Test
    @DisplayName("know the key that they belong to")
    void keys() throws Exception {
        objects.createData("note", "no key", false);
        for (TestKey key : List.of(TestKey.RSA_2048_A, TestKey.P256_A, TestKey.ED25519)) {
            assertThat(Objects.requireNonNull(objects.only(key.defaultLabel()).key())
                            .publicKey())
                    .isEqualTo(key.publicKey().getEncoded());
        }
        objects.rig().login();
        for (TestKey key : List.of(TestKey.RSA_2048_A, TestKey.P256_A, TestKey.ED25519)) {
            assertThat(objects.labelled(key.defaultLabel()))
                    .hasSize(2)
                    .allSatisfy(object -> assertThat(
                                    Objects.requireNonNull(object.key()).publicKey())
                            .isEqualTo(key.publicKey().getEncoded()));
        }
        assertThat(objects.only("note").key()).isNull();
    }

    @Test
    @DisplayName("the value of a key that may be read is passed on and not kept")
    void extractable() throws Exception {
        objects.rig().login();
        objects.createSecret("extractable", false);
        objects.rig().token().distrust(objects.rig().token().generation(), "test");
        TokenObject key = objects.only("extractable");
        for (int i = 0; i < 2; i++) {
            objects.rig().module().honest();
            byte[] value = Objects.requireNonNull(
                    key.attributes(CKA.VALUE).get(CKA.VALUE).value());
            assertThat(value).isEqualTo(ObjectsRig.text("32 bytes that are a key of AES.."));
            Arrays.fill(value, (byte) 0);
            assertThat(objects.rig().module().calls()).containsExactly("getAttributeValue");
        }
    }
}
