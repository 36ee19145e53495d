package org.tokend.pkcs11.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.AttributeValues;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKO;
import org.tokend.pkcs11.cryptoki.CKR;

class TokenObjectListTest {
    private record Sample(long id, long objectClass, Map<Long, byte[]> values) implements TokenObject {
        @Override
        public boolean isPrivate() {
            return false;
        }

        @Override
        public @Nullable KeyDescriptor key() {
            return null;
        }

        @Override
        public AttributeValues attributes(long... types) {
            List<Attribute> answer = new ArrayList<>();
            for (long type : types) {
                answer.add(new Attribute(type, values.get(type)));
            }
            return new AttributeValues(answer, CKR.OK);
        }

        @Override
        public long size() {
            return 1;
        }
    }

    /** Two objects with each CKA_ID, three with each label, every fourth without one; every other is a certificate. */
    private static List<TokenObject> objects(int count) {
        return IntStream.range(0, count)
                .<TokenObject>mapToObj(i -> new Sample(
                        i + 1,
                        i % 2 == 0 ? CKO.CERTIFICATE : CKO.DATA,
                        i % 4 == 3 ? Map.of(CKA.ID, id(i)) : Map.of(CKA.ID, id(i), CKA.LABEL, label(i))))
                .toList();
    }

    private static byte[] id(int number) {
        return new byte[] {(byte) (number / 2)};
    }

    private static byte[] label(int number) {
        return new byte[] {'l', (byte) (number / 4)};
    }

    private static List<Long> ids(List<TokenObject> objects) {
        return objects.stream().map(TokenObject::id).toList();
    }

    @Test
    @DisplayName("Among many objects those with the asked value are looked at only, in the order of the token")
    void many() throws Exception {
        TokenObjectList list = TokenObjectList.of(objects(100));
        Attribute id = Attribute.of(CKA.ID, id(8));
        Attribute label = Attribute.of(CKA.LABEL, label(8));
        Attribute data = Attribute.of(CKA.CLASS, CKO.DATA);
        assertThat(ids(list.candidates(List.of(id)))).containsExactly(9L, 10L);
        assertThat(ids(list.candidates(List.of(label)))).containsExactly(9L, 10L, 11L);
        assertThat(ids(list.candidates(List.of(data, label)))).contains(10L).hasSizeLessThan(4);
        assertThat(ids(list.candidates(List.of(label, id)))).containsExactly(9L, 10L);
        assertThat(list.candidates(List.of(Attribute.of(CKA.LABEL, new byte[] {'x'}))))
                .isEmpty();
        assertThat(list.candidates(List.of(data))).hasSize(50);
        assertThat(list.candidates(List.of())).hasSize(100);
    }

    @Test
    @DisplayName("Among a few, all that may fit are looked at")
    void few() throws Exception {
        TokenObjectList list = TokenObjectList.of(objects(10));
        assertThat(list.candidates(List.of(Attribute.of(CKA.LABEL, label(1))))).hasSize(10);
        assertThat(list.candidates(List.of(Attribute.of(CKA.CLASS, CKO.CERTIFICATE))))
                .hasSize(5);
    }

    @Test
    @DisplayName("It is a list, and knows each object by its id")
    void list() {
        List<TokenObject> objects = objects(70);
        TokenObjectList list = TokenObjectList.of(objects);
        assertThat(list).isEqualTo(objects);
        assertThat(list.withId(70)).isSameAs(objects.getLast());
        assertThat(list.withId(71)).isNull();
    }
}
