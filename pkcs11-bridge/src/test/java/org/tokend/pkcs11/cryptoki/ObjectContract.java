package org.tokend.pkcs11.cryptoki;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.tokend.pkcs11.cryptoki.ContractSubject.assertFails;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.interfaces.RSAKey;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Objects and their attributes, values as they stand in C memory. */
interface ObjectContract extends ContractSubject {
    long NO_OBJECT = 987_654_321L;
    long VENDOR_ATTRIBUTE = 0x80001234L;

    private static List<Attribute> data(String label, byte[] value) {
        return List.of(
                Attribute.of(CKA.CLASS, CKO.DATA),
                Attribute.of(CKA.TOKEN, false),
                Attribute.of(CKA.PRIVATE, false),
                Attribute.of(CKA.LABEL, label.getBytes(US_ASCII)),
                Attribute.of(CKA.VALUE, value));
    }

    @DisplayName("creates, finds, reads, changes, copies and destroys an object")
    @Test
    default void lifeOfAnObject() throws CryptokiException {
        try (TestSession session = TestSession.loggedIn(cryptoki(), token())) {
            long object = session.create(data("life", new byte[] {1, 2, 3}));
            Attribute label = Attribute.of(CKA.LABEL, "life".getBytes(US_ASCII));
            assertThat(session.find(label)).containsExactly(object);

            Attribute renamed = Attribute.of(CKA.LABEL, "renamed".getBytes(US_ASCII));
            cryptoki().setAttributeValue(session.handle(), object, List.of(renamed));
            assertThat(session.find(label)).isEmpty();
            AttributeValues read =
                    cryptoki().getAttributeValue(session.handle(), object, CKA.LABEL, CKA.VALUE, CKA.CLASS, CKA.TOKEN);
            assertThat(read.returnValue()).isEqualTo(CKR.OK);
            assertThat(read.attributes())
                    .containsExactly(
                            renamed,
                            Attribute.of(CKA.VALUE, new byte[] {1, 2, 3}),
                            Attribute.of(CKA.CLASS, CKO.DATA),
                            Attribute.of(CKA.TOKEN, false));

            long copy = cryptoki().copyObject(session.handle(), object, List.of(label));
            assertThat(session.find(label)).containsExactly(copy);
            cryptoki().destroyObject(session.handle(), object);
            assertThat(session.find(renamed)).isEmpty();
            assertThat(session.find(label)).containsExactly(copy);
        }
    }

    @DisplayName("finds objects in portions, and all of them with an empty template")
    @Test
    default void portions() throws CryptokiException {
        try (TestSession session = TestSession.loggedIn(cryptoki(), token())) {
            for (int i = 0; i < 5; i++) {
                session.create(data("portion", new byte[] {(byte) i}));
            }
            Attribute label = Attribute.of(CKA.LABEL, "portion".getBytes(US_ASCII));
            cryptoki().findObjectsInit(session.handle(), List.of(label));
            assertThat(cryptoki().findObjects(session.handle(), 3)).hasSize(3).doesNotHaveDuplicates();
            assertThat(cryptoki().findObjects(session.handle(), 3)).hasSize(2);
            assertThat(cryptoki().findObjects(session.handle(), 3)).isEmpty();
            assertFails(
                    "C_FindObjectsInit",
                    CKR.OPERATION_ACTIVE,
                    () -> cryptoki().findObjectsInit(session.handle(), List.of()));
            cryptoki().findObjectsFinal(session.handle());
            assertThat(session.find()).hasSizeGreaterThanOrEqualTo(5);
            assertFails(
                    "C_FindObjects",
                    CKR.OPERATION_NOT_INITIALIZED,
                    () -> cryptoki().findObjects(session.handle(), 3));
            assertFails(
                    "C_FindObjectsFinal",
                    CKR.OPERATION_NOT_INITIALIZED,
                    () -> cryptoki().findObjectsFinal(session.handle()));
        }
    }

    @DisplayName("keeps every byte: labels that are not UTF-8, NULs, empty and long values")
    @Test
    default void bytes() throws CryptokiException {
        byte[] label = HexFormat.of().parseHex("c328a0fe00ff20");
        byte[] large = new byte[100_000];
        Arrays.fill(large, (byte) 0x5a);
        try (TestSession session = TestSession.loggedIn(cryptoki(), token())) {
            long object = session.create(List.of(
                    Attribute.of(CKA.CLASS, CKO.DATA),
                    Attribute.of(CKA.TOKEN, false),
                    Attribute.of(CKA.LABEL, label),
                    Attribute.of(CKA.APPLICATION, new byte[0]),
                    Attribute.of(CKA.VALUE, large)));
            assertThat(session.find(Attribute.of(CKA.LABEL, label))).containsExactly(object);
            AttributeValues read =
                    cryptoki().getAttributeValue(session.handle(), object, CKA.LABEL, CKA.APPLICATION, CKA.VALUE);
            assertThat(read.get(CKA.LABEL).value()).isEqualTo(label);
            assertThat(read.get(CKA.APPLICATION).value()).isEmpty();
            assertThat(read.get(CKA.VALUE).value()).isEqualTo(large);
        }
    }

    @DisplayName("carries dates and lists of mechanisms")
    @Test
    default void structuredValues() throws CryptokiException {
        byte[] mechanisms = ByteBuffer.allocate(16)
                .order(ByteOrder.nativeOrder())
                .putLong(CKM.AES_CBC)
                .putLong(CKM.AES_KEY_WRAP)
                .array();
        try (TestSession session = TestSession.loggedIn(cryptoki(), token())) {
            // Not private: SoftHSM 2.6 stores the dates of private objects in clear and fails to decrypt them.
            List<Attribute> template = TestKeys.secret(CKK.AES, new byte[16]);
            template.add(Attribute.of(CKA.PRIVATE, false));
            template.add(Attribute.of(CKA.START_DATE, "20260131".getBytes(US_ASCII)));
            template.add(Attribute.of(CKA.ALLOWED_MECHANISMS, mechanisms));
            long key = session.create(template);
            AttributeValues read = cryptoki()
                    .getAttributeValue(
                            session.handle(), key, CKA.START_DATE, CKA.END_DATE, CKA.ALLOWED_MECHANISMS, CKA.KEY_TYPE);
            assertThat(read.attributes())
                    .containsExactly(
                            Attribute.of(CKA.START_DATE, "20260131".getBytes(US_ASCII)),
                            Attribute.of(CKA.END_DATE, new byte[0]),
                            Attribute.of(CKA.ALLOWED_MECHANISMS, mechanisms),
                            Attribute.of(CKA.KEY_TYPE, CKK.AES));
        }
    }

    @DisplayName("gives what there is when one attribute is sensitive or unknown")
    @Test
    default void partialAnswers() throws CryptokiException {
        try (TestSession session = TestSession.loggedIn(cryptoki(), token())) {
            long key = session.create(TestKeys.rsaPrivate(CKA.SIGN));
            AttributeValues sensitive =
                    cryptoki().getAttributeValue(session.handle(), key, CKA.SIGN, CKA.PRIVATE_EXPONENT, CKA.MODULUS);
            assertThat(sensitive.returnValue()).isEqualTo(CKR.ATTRIBUTE_SENSITIVE);
            assertThat(sensitive.attributes())
                    .containsExactly(
                            Attribute.of(CKA.SIGN, true),
                            Attribute.unavailable(CKA.PRIVATE_EXPONENT),
                            Attribute.of(
                                    CKA.MODULUS, TestKeys.unsigned(((RSAKey) TestKeys.RSA.getPublic()).getModulus())));

            AttributeValues unknown =
                    cryptoki().getAttributeValue(session.handle(), key, VENDOR_ATTRIBUTE, CKA.EC_POINT, CKA.DECRYPT);
            assertThat(unknown.returnValue()).isEqualTo(CKR.ATTRIBUTE_TYPE_INVALID);
            assertThat(unknown.attributes())
                    .containsExactly(
                            Attribute.unavailable(VENDOR_ATTRIBUTE),
                            Attribute.unavailable(CKA.EC_POINT),
                            Attribute.of(CKA.DECRYPT, false));
        }
    }

    @DisplayName("neither takes nor gives nested templates, whose bytes are pointers")
    @Test
    default void nestedTemplates() throws CryptokiException {
        try (TestSession session = TestSession.loggedIn(cryptoki(), token())) {
            List<Attribute> template = TestKeys.secret(CKK.AES, new byte[16], CKA.WRAP);
            template.add(Attribute.of(CKA.WRAP_TEMPLATE, new byte[24]));
            assertFails("C_CreateObject", CKR.ATTRIBUTE_TYPE_INVALID, () -> session.create(template));
            long key = session.create(TestKeys.secret(CKK.AES, new byte[16], CKA.WRAP));
            AttributeValues read = cryptoki().getAttributeValue(session.handle(), key, CKA.WRAP_TEMPLATE, CKA.WRAP);
            assertThat(read.attributes())
                    .containsExactly(Attribute.unavailable(CKA.WRAP_TEMPLATE), Attribute.of(CKA.WRAP, true));
        }
    }

    @DisplayName("knows the size of an object")
    @Test
    default void size() throws Exception {
        try (TestSession session = TestSession.loggedIn(cryptoki(), token())) {
            long object = session.create(data("size", new byte[3]));
            // SoftHSM does not tell any size.
            unlessLacking(
                    "C_GetObjectSize",
                    () -> cryptoki().getObjectSize(session.handle(), object),
                    () -> assertThat(cryptoki().getObjectSize(session.handle(), object))
                            .isEqualTo(-1));
        }
    }

    @DisplayName("answers an unknown object with its own return value")
    @Test
    default void unknownObject() throws CryptokiException {
        try (TestSession session = TestSession.loggedIn(cryptoki(), token())) {
            long handle = session.handle();
            long invalid = CKR.OBJECT_HANDLE_INVALID;
            assertFails("C_DestroyObject", invalid, () -> cryptoki().destroyObject(handle, NO_OBJECT));
            assertFails("C_GetAttributeValue", invalid, () -> cryptoki().getAttributeValue(handle, NO_OBJECT, CKA.ID));
            assertFails(
                    "C_SetAttributeValue",
                    invalid,
                    () -> cryptoki().setAttributeValue(handle, NO_OBJECT, List.of(Attribute.of(CKA.ID, new byte[1]))));
            assertFails("C_CreateObject", CKR.TEMPLATE_INCOMPLETE, () -> session.create(List.of()));
        }
    }
}
