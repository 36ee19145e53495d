package org.tokend.pkcs11.object;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is remembered of one token's objects from generation to generation: their ids, and those that only a login shows. Thread-safe. */
public final class ObjectMemory {
    private final ObjectIds ids;
    private final CatalogRoom.Share room;

    /** Copies of one object have an id each. */
    private final Map<ObjectIdentity, List<Long>> known = new HashMap<>();

    private List<StoredObject> shownByLogin = List.of();

    /** @param room for what is known of the objects */
    public ObjectMemory(ObjectIds ids, CatalogRoom.Share room) {
        this.ids = ids;
        this.room = room;
    }

    CatalogRoom.Share room() {
        return room;
    }

    /** Gives ids while the objects of one generation are read. */
    final class Naming {
        private final Set<Long> taken = new HashSet<>();

        void keep(StoredObject object) {
            taken.add(object.id());
        }

        /** The id that it had before, or one of its own. */
        long idOf(ObjectIdentity identity) {
            synchronized (ObjectMemory.this) {
                List<Long> copies = known.computeIfAbsent(identity, first -> new ArrayList<>(1));
                for (Long id : copies) {
                    if (taken.add(id)) {
                        return id;
                    }
                }
                long id = ids.next();
                copies.add(id);
                taken.add(id);
                return id;
            }
        }
    }

    Naming naming() {
        return new Naming();
    }

    /** The object has another label or CKA_ID than before, and is the same. */
    synchronized void renamed(StoredObject object, ObjectIdentity before) {
        List<Long> copies = known.get(before);
        if (copies != null) {
            copies.remove(object.id());
        }
        known.computeIfAbsent(object.identity(), first -> new ArrayList<>(1)).add(object.id());
    }

    /**
     * The objects of a generation have been read.
     *
     * @param complete those that a login shows are among them
     * @return those that a login has shown and that are not seen now
     */
    synchronized List<StoredObject> settle(List<StoredObject> listed, boolean complete, boolean partial) {
        if (complete) {
            shownByLogin = listed.stream().filter(StoredObject::isPrivate).toList();
        }
        Set<Long> seen = new HashSet<>();
        listed.forEach(object -> seen.add(object.id()));
        List<StoredObject> remembered = shownByLogin.stream()
                .filter(object -> !seen.contains(object.id()))
                .map(StoredObject::remembered)
                .toList();
        if (!partial) {
            known.clear();
            listed.forEach(this::know);
            remembered.forEach(this::know);
        }
        return remembered;
    }

    private void know(StoredObject object) {
        known.computeIfAbsent(object.identity(), first -> new ArrayList<>(1)).add(object.id());
    }

    /** It is another token that says the same of itself. */
    public synchronized void forgetPrivate() {
        shownByLogin = List.of();
    }
}
