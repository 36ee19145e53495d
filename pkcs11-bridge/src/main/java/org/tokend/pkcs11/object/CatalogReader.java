package org.tokend.pkcs11.object;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKO;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/** Reads all objects of a token, one call for each and a few for all. Used once. */
final class CatalogReader {
    private static final long[] CLASSES = {CKO.PRIVATE_KEY, CKO.PUBLIC_KEY, CKO.CERTIFICATE, CKO.SECRET_KEY, CKO.DATA};

    /** Fewer objects than this are asked for their class one by one. */
    private static final int FEW = 8;

    private final Questions questions;
    private final ObjectMemory.Naming naming;
    private final CatalogRoom.Share room;
    private final @Nullable ObjectCatalog before;
    private final List<String> notes = new ArrayList<>();
    private boolean partial;

    CatalogReader(Questions questions, ObjectMemory memory, @Nullable ObjectCatalog before) {
        this.questions = questions;
        this.naming = memory.naming();
        this.room = memory.room();
        this.before = before;
    }

    static long[] handles(Questions questions) throws CryptokiException, TooManyObjectsException {
        return sorted(questions.find(onToken()));
    }

    private static long[] sorted(List<Long> handles) {
        return handles.stream().mapToLong(Long::longValue).sorted().toArray();
    }

    private static List<Attribute> onToken(Attribute... more) {
        List<Attribute> template = new ArrayList<>();
        template.add(Attribute.of(CKA.TOKEN, true));
        template.addAll(List.of(more));
        return template;
    }

    ObjectCatalog read() throws CryptokiException, TooManyObjectsException {
        // What an earlier generation showed is let go before this one is read.
        room.settle(before == null ? 0 : before.weight());
        List<Long> handles = questions.find(onToken());
        Map<Long, StoredObject> kept = new HashMap<>();
        List<Long> added = new ArrayList<>();
        for (Long handle : handles) {
            known(handle).ifPresentOrElse(object -> kept.put(handle, object), () -> added.add(handle));
        }
        kept.values().forEach(naming::keep);
        if (before != null) {
            before.objects().stream()
                    .filter(object -> !object.isRemembered() && kept.get(object.handle()) != object)
                    .forEach(StoredObject::destroyed);
        }
        Map<Long, Long> classes = added.size() > FEW ? classes() : Map.of();
        List<StoredObject> listed = new ArrayList<>(handles.size());
        for (Long handle : handles) {
            StoredObject object = kept.get(handle);
            if (object == null) {
                object = readOne(handle, classes);
                if (object != null && !room.tryTake(object.weight())) {
                    throw new TooManyObjectsException(listed.size());
                }
            }
            if (object != null) {
                listed.add(object);
            }
        }
        return new ObjectCatalog(listed, List.of(), sorted(handles), notes, partial);
    }

    private Optional<StoredObject> known(long handle) {
        return Optional.ofNullable(before)
                .flatMap(catalog -> catalog.withHandle(handle))
                .filter(object -> !object.isGone());
    }

    private Map<Long, Long> classes() throws CryptokiException, TooManyObjectsException {
        Map<Long, Long> classes = new HashMap<>();
        for (long objectClass : CLASSES) {
            for (Long handle : questions.find(onToken(Attribute.of(CKA.CLASS, objectClass)))) {
                classes.put(handle, objectClass);
            }
        }
        return classes;
    }

    private @Nullable StoredObject readOne(long handle, Map<Long, Long> classes) throws CryptokiException {
        try {
            Long known = classes.get(handle);
            long objectClass = known != null ? known : questions.number(handle, CKA.CLASS, -1);
            List<Answer> read = questions.usual(handle, objectClass);
            ObjectIdentity identity = ObjectIdentity.of(read);
            return StoredObject.of(naming.idOf(identity), handle, identity, read, room);
        } catch (CryptokiException e) {
            if (!concernsOneObject(e.returnValue())) {
                throw e;
            }
            partial = true;
            notes.add("An object (handle " + handle + ") is left out: " + e.getMessage() + ".");
            return null;
        }
    }

    /** An object can vanish between finding and reading; everything else that fails here concerns the token. */
    private static boolean concernsOneObject(long returnValue) {
        return returnValue == CKR.OBJECT_HANDLE_INVALID
                || returnValue == CKR.ATTRIBUTE_VALUE_INVALID
                || returnValue == CKR.ATTRIBUTE_TYPE_INVALID
                || returnValue == CKR.ATTRIBUTE_SENSITIVE;
    }
}
