package org.tokend.pkcs11.object;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.cryptoki.AttributeValues;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/** The objects of a token as they were found in one generation. Which objects there are does not change; what is known of them does. */
public final class ObjectCatalog {
    private final List<StoredObject> listed;
    private final List<StoredObject> all;
    private final Map<Long, StoredObject> byHandle = new HashMap<>();
    private final Map<Long, StoredObject> byId = new HashMap<>();

    /** Sorted; of objects that were left out, too. */
    private final long[] handles;

    private final List<String> notes;
    private final boolean partial;

    ObjectCatalog(
            List<StoredObject> listed,
            List<StoredObject> remembered,
            long[] handles,
            List<String> notes,
            boolean partial) {
        this.listed = List.copyOf(listed);
        this.all = Stream.concat(listed.stream(), remembered.stream()).toList();
        this.handles = handles;
        this.notes = List.copyOf(notes);
        this.partial = partial;
        listed.forEach(object -> byHandle.put(object.handle(), object));
        all.forEach(object -> byId.put(object.id(), object));
    }

    /**
     * @param before of the same generation, to read only what is new since then; or null
     * @throws CryptokiException when the token fails; a single bad object is only noted
     */
    public static ObjectCatalog read(
            Cryptoki cryptoki, long session, ObjectMemory memory, @Nullable ObjectCatalog before)
            throws CryptokiException, TooManyObjectsException {
        return new CatalogReader(new Questions(cryptoki, session), memory, before).read();
    }

    /**
     * The same objects, and those that a login has shown before.
     *
     * @param complete objects that a login shows have been seen
     */
    public ObjectCatalog settled(ObjectMemory memory, boolean complete) {
        ObjectCatalog settled =
                new ObjectCatalog(listed, memory.settle(listed, complete, partial), handles, notes, partial);
        memory.room().settle(settled.weight());
        return settled;
    }

    /** Bytes of memory, more or less. */
    long weight() {
        return all.stream().mapToLong(StoredObject::weight).sum();
    }

    /** Those that the token shows, in its order, and then those that a login has shown. */
    public List<StoredObject> objects() {
        return all;
    }

    public Optional<StoredObject> find(long id) {
        return Optional.ofNullable(byId.get(id));
    }

    public Optional<StoredObject> withHandle(long handle) {
        return Optional.ofNullable(byHandle.get(handle));
    }

    /** One sentence for each object that was left out. */
    public List<String> notes() {
        return notes;
    }

    /** Whether an object was left out because the token failed over it, which it may not do again. */
    public boolean partial() {
        return partial;
    }

    /** Whether the token still shows the same handles. Cheap: reads none of the objects. */
    public boolean stillHolds(Cryptoki cryptoki, long session) throws CryptokiException, TooManyObjectsException {
        return Arrays.equals(handles, CatalogReader.handles(new Questions(cryptoki, session)));
    }

    /**
     * Reads some objects again, to see whether somebody has changed them. One that is still the same object is brought up to date;
     * one that is another is marked as gone.
     *
     * @return whether none of them had changed
     */
    public boolean recheck(Cryptoki cryptoki, long session, ObjectMemory memory, long from, int count)
            throws CryptokiException {
        Questions questions = new Questions(cryptoki, session);
        boolean same = true;
        for (int i = 0; i < Math.min(count, listed.size()); i++) {
            same &= recheck(questions, memory, listed.get((int) ((from + i) % listed.size())));
        }
        return same;
    }

    /** @return whether it is as it was */
    public boolean recheck(Cryptoki cryptoki, long session, ObjectMemory memory, StoredObject object)
            throws CryptokiException {
        return recheck(new Questions(cryptoki, session), memory, object);
    }

    /** The object has just been changed and is still the same. */
    public void reread(Cryptoki cryptoki, long session, ObjectMemory memory, StoredObject object)
            throws CryptokiException {
        List<Answer> read = new Questions(cryptoki, session).usual(object.handle(), object.objectClass());
        reread(memory, object, ObjectIdentity.of(read), read);
    }

    private static void reread(ObjectMemory memory, StoredObject object, ObjectIdentity now, List<Answer> read) {
        ObjectIdentity before = object.identity();
        if (object.reread(now, read)) {
            memory.renamed(object, before);
        } else {
            object.destroyed();
        }
    }

    private static boolean recheck(Questions questions, ObjectMemory memory, StoredObject object)
            throws CryptokiException {
        List<Answer> read;
        try {
            read = questions.usual(object.handle(), object.objectClass());
        } catch (CryptokiException e) {
            if (e.returnValue() != CKR.OBJECT_HANDLE_INVALID) {
                throw e;
            }
            object.destroyed();
            return false;
        }
        if (object.looksLike(read)) {
            return true;
        }
        ObjectIdentity now = ObjectIdentity.of(read);
        if (now.substance().equals(object.identity().substance())) {
            reread(memory, object, now, read);
        } else {
            object.destroyed();
        }
        return false;
    }

    /** Answers from memory; asks in this session for what has not been read. */
    public ObjectSource source(Cryptoki cryptoki, long session) {
        return new ObjectSource() {
            @Override
            public List<Long> find(long objectClass) {
                List<Long> found = new ArrayList<>();
                for (StoredObject object : listed) {
                    if (object.objectClass() == objectClass) {
                        found.add(object.handle());
                    }
                }
                return found;
            }

            @Override
            public AttributeValues attributes(long handle, long... types) throws CryptokiException {
                StoredObject object = byHandle.get(handle);
                if (object == null) {
                    throw new CryptokiException("C_GetAttributeValue", CKR.OBJECT_HANDLE_INVALID);
                }
                AttributeValues known = object.known(types);
                return known != null ? known : object.read(cryptoki, session, types);
            }
        };
    }
}
