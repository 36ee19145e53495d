package org.tokend.pkcs11.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.AttributeValues;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKK;
import org.tokend.pkcs11.cryptoki.CKO;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;

@DisplayName("A catalogue of objects")
class ObjectCatalogTest {
    private static final long SESSION = 1;

    private final ObjectsInMemory token = new ObjectsInMemory();
    private final CatalogRoom room = new CatalogRoom(100 << 20);
    private final ObjectMemory memory =
            new ObjectMemory(new ObjectIds(), room.part().share());

    private ObjectCatalog read(@Nullable ObjectCatalog before) throws Exception {
        return read(before, true);
    }

    private ObjectCatalog read(@Nullable ObjectCatalog before, boolean complete) throws Exception {
        return ObjectCatalog.read(token.cryptoki(), SESSION, memory, before).settled(memory, complete);
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private long key(long objectClass, long number) {
        return token.add(
                Attribute.of(CKA.CLASS, objectClass),
                Attribute.of(CKA.TOKEN, true),
                Attribute.of(CKA.PRIVATE, objectClass == CKO.PRIVATE_KEY),
                Attribute.of(CKA.KEY_TYPE, CKK.RSA),
                Attribute.of(CKA.ID, ByteBuffer.allocate(8).putLong(number).array()),
                Attribute.of(CKA.LABEL, text("a key")),
                Attribute.of(CKA.MODULUS, ByteBuffer.allocate(8).putLong(number).array()),
                Attribute.unavailable(CKA.PRIVATE_EXPONENT));
    }

    private long certificate(String label) {
        return token.add(
                Attribute.of(CKA.CLASS, CKO.CERTIFICATE),
                Attribute.of(CKA.TOKEN, true),
                Attribute.of(CKA.PRIVATE, false),
                Attribute.of(CKA.LABEL, text(label)),
                Attribute.of(CKA.VALUE, text("DER of " + label)));
    }

    private static List<Long> ids(ObjectCatalog catalog) {
        return catalog.objects().stream().map(StoredObject::id).toList();
    }

    private static StoredObject only(ObjectCatalog catalog) {
        assertThat(catalog.objects()).hasSize(1);
        return catalog.objects().getFirst();
    }

    private static byte @Nullable [] value(StoredObject object, long type) {
        return Objects.requireNonNull(object.known(type)).get(type).value();
    }

    @Test
    @DisplayName("of 5,000 keys is read in one call for each object, and brought up to date in one for each new object")
    void many() throws Exception {
        for (int i = 0; i < 5000; i++) {
            key(CKO.PRIVATE_KEY, i);
            key(CKO.PUBLIC_KEY, i);
        }
        ObjectCatalog first = read(null);

        assertThat(first.objects()).hasSize(10_000);
        assertThat(token.calls("getAttributeValue")).isEqualTo(10_000);
        assertThat(token.calls("findObjects")).isLessThan(100);
        token.forgetCalls();
        long added = key(CKO.PUBLIC_KEY, 5000);
        assertThat(first.stillHolds(token.cryptoki(), SESSION)).isFalse();
        ObjectCatalog second = read(first);
        assertThat(second.objects()).hasSize(10_001).containsAll(first.objects());
        assertThat(second.withHandle(added)).isPresent();
        assertThat(token.calls("getAttributeValue")).isEqualTo(2);
        token.renumber();
        assertThat(ids(read(null))).containsExactlyElementsOf(ids(second));
    }

    @Test
    @DisplayName("keeps what a login has shown while nobody is logged in, and drops what is gone after the next one")
    void remembered() throws Exception {
        long hidden = key(CKO.PRIVATE_KEY, 1);
        certificate("one");
        ObjectCatalog complete = read(null);
        long id = complete.withHandle(hidden).orElseThrow().id();
        token.remove(hidden);
        ObjectCatalog locked = read(null, false);

        assertThat(ids(locked)).containsExactlyInAnyOrderElementsOf(ids(complete));
        StoredObject remembered = locked.find(id).orElseThrow();
        assertThat(remembered.isRemembered()).isTrue();
        assertThat(value(remembered, CKA.LABEL)).isEqualTo(text("a key"));
        assertThat(ids(read(null, false))).hasSize(2);
        assertThat(ids(read(null, true))).hasSize(1).doesNotContain(id);
        assertThat(ids(read(null, false))).hasSize(1);
    }

    @Test
    @DisplayName("forgets what a login has shown when the token turns out to be another")
    void another() throws Exception {
        long hidden = key(CKO.PRIVATE_KEY, 1);
        read(null);
        token.remove(hidden);
        assertThat(ids(read(null, false))).hasSize(1);
        memory.forgetPrivate();
        assertThat(ids(read(null, false))).isEmpty();
    }

    @Test
    @DisplayName("gives a copy that is added an id of its own; the others keep theirs")
    void copies() throws Exception {
        certificate("twin");
        List<Long> one = ids(read(null));
        certificate("twin");
        List<Long> two = ids(read(null));

        assertThat(two).hasSize(2).doesNotHaveDuplicates().containsAll(one);
        token.renumber();
        assertThat(ids(read(null))).isEqualTo(two);
    }

    @Test
    @DisplayName("never gives the id of an object that is gone to another one")
    void neverAgain() throws Exception {
        long handle = certificate("one");
        long id = ids(read(null)).getFirst();
        token.remove(handle);
        read(null);
        certificate("one");
        assertThat(ids(read(null)).getFirst()).isNotEqualTo(id);
    }

    @Test
    @DisplayName("sees that an object has another label, and keeps its id; and that a handle means another object now")
    void changed() throws Exception {
        long handle = certificate("one");
        ObjectCatalog catalog = read(null);
        StoredObject object = only(catalog);
        assertThat(catalog.recheck(token.cryptoki(), SESSION, memory, 0, 8)).isTrue();
        token.put(handle, Attribute.of(CKA.LABEL, text("another")));

        assertThat(catalog.stillHolds(token.cryptoki(), SESSION)).isTrue();
        assertThat(catalog.recheck(token.cryptoki(), SESSION, memory, 7, 8)).isFalse();
        assertThat(value(object, CKA.LABEL)).isEqualTo(text("another"));
        assertThat(ids(read(null))).containsExactly(object.id());

        token.put(handle, Attribute.of(CKA.VALUE, text("another certificate")));
        assertThat(catalog.recheck(token.cryptoki(), SESSION, memory, 0, 8)).isFalse();
        assertThat(object.isGone()).isTrue();
        assertThat(only(read(catalog)).id()).isNotEqualTo(object.id());
    }

    @Test
    @DisplayName("reads all that there is from a token that gives up at the first attribute it does not know")
    void givingUp() throws Exception {
        token.givesUp = true;
        certificate("one");
        certificate("two");
        ObjectCatalog catalog = read(null);

        assertThat(catalog.objects())
                .extracting(object -> value(object, CKA.LABEL))
                .containsExactly(text("one"), text("two"));
        token.forgetCalls();
        certificate("three");
        read(catalog);
        assertThat(token.calls("getAttributeValue")).isLessThan(60);
    }

    @Test
    @DisplayName(
            "reads all the rest from a token that fails over one attribute, and lets the failure be seen by who asks for it")
    void failing() throws Exception {
        token.failsOver = CKA.URL;
        certificate("one");
        StoredObject object = only(read(null));

        assertThat(value(object, CKA.VALUE)).isEqualTo(text("DER of one"));
        assertThat(object.known(CKA.URL)).isNull();
        assertThatThrownBy(() -> object.read(token.cryptoki(), SESSION, CKA.URL))
                .isInstanceOf(CryptokiException.class);
        token.failsOver = CKA.CLASS;
        assertThatThrownBy(() -> read(null)).isInstanceOf(CryptokiException.class);
    }

    @Test
    @DisplayName("tells sensitive from unknown for each attribute, whichever are asked together")
    void reasons() throws Exception {
        key(CKO.PRIVATE_KEY, 1);
        StoredObject object = only(read(null));
        AttributeValues both = object.read(token.cryptoki(), SESSION, CKA.PRIVATE_EXPONENT, CKA.URL, CKA.LABEL);

        assertThat(both.returnValue()).isEqualTo(CKR.ATTRIBUTE_SENSITIVE);
        assertThat(both.get(CKA.LABEL).value()).isEqualTo(text("a key"));
        assertThat(Objects.requireNonNull(object.known(CKA.URL)).returnValue()).isEqualTo(CKR.ATTRIBUTE_TYPE_INVALID);
        assertThat(Objects.requireNonNull(object.known(CKA.PRIVATE_EXPONENT)).returnValue())
                .isEqualTo(CKR.ATTRIBUTE_SENSITIVE);
    }

    @Test
    @DisplayName("never keeps the value of a secret: of keys, of private data, of what a vendor keeps in a key")
    void secrets() throws Exception {
        long vendors = 0x80000001L;
        long handle = key(CKO.PRIVATE_KEY, 1);
        token.put(handle, Attribute.of(CKA.PRIVATE_EXPONENT, text("secret")));
        token.put(handle, Attribute.of(vendors, text("secret")));
        StoredObject key = only(read(null));
        AttributeValues read = key.read(token.cryptoki(), SESSION, CKA.PRIVATE_EXPONENT, vendors);

        assertThat(read.attributes()).extracting(Attribute::value).containsExactly(text("secret"), text("secret"));
        assertThat(key.known(CKA.PRIVATE_EXPONENT)).isNull();
        assertThat(key.known(vendors)).isNull();
        token.remove(handle);
        token.add(
                Attribute.of(CKA.CLASS, CKO.DATA),
                Attribute.of(CKA.TOKEN, true),
                Attribute.of(CKA.PRIVATE, true),
                Attribute.of(CKA.VALUE, text("secret")));
        assertThat(only(read(null)).known(CKA.VALUE)).isNull();
    }

    @Test
    @DisplayName("an object that vanishes while it is read does not hide the others")
    void vanishing() throws Exception {
        long gone = certificate("gone");
        certificate("here");
        token.put(gone, Attribute.unavailable(CKA.CLASS));
        ObjectCatalog catalog = read(null);
        assertThat(catalog.objects()).hasSize(2);
        token.remove(gone);
        assertThat(only(read(catalog)).known(CKA.LABEL)).isNotNull();
    }

    @Test
    @DisplayName("of more objects than there is room for is not read, and leaves the room to others")
    void tooMany() throws Exception {
        CatalogRoom.Part part = new CatalogRoom(1 << 20).part();
        ObjectMemory its = new ObjectMemory(new ObjectIds(), part.share());
        for (int i = 0; i < 1000; i++) {
            key(CKO.PRIVATE_KEY, i);
        }
        for (int i = 0; i < 10; i++) {
            // Of each reading nothing is left, however often a token is read.
            ObjectCatalog.read(token.cryptoki(), SESSION, its, null).settled(its, true);
        }
        for (int i = 1000; i < 5000; i++) {
            key(CKO.PRIVATE_KEY, i);
        }
        assertThatThrownBy(() -> ObjectCatalog.read(token.cryptoki(), SESSION, its, null))
                .isInstanceOf(TooManyObjectsException.class)
                .hasMessageMatching("more than 2\\d\\d\\d objects");
        token.clear();
        assertThat(ObjectCatalog.read(token.cryptoki(), SESSION, its, null).objects())
                .isEmpty();
        assertThat(part.share().tryTake((1 << 20) + CatalogRoom.OWN)).isTrue();
    }

    @Test
    @DisplayName(
            "keeps of what programs ask beyond the usual as much as there is room for, and asks for the rest each time")
    void askedForAnything() throws Exception {
        token.put(certificate("one"), Attribute.of(0x90000000L, text("vendor's own")));
        StoredObject object = only(read(null));
        for (int i = 0; i < 100; i++) {
            long[] types = LongStream.range(0x90000000L + 100 * i, 0x90000000L + 100 * (i + 1))
                    .toArray();
            assertThat(object.read(token.cryptoki(), SESSION, types).attributes())
                    .hasSize(100);
        }

        assertThat(value(object, 0x90000000L)).isEqualTo(text("vendor's own"));
        assertThat(object.known(0x90000000L + 9_999)).isNull();
        assertThat(object.weight()).isLessThan(32 << 10);
    }
}
