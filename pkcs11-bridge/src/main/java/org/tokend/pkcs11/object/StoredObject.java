package org.tokend.pkcs11.object;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.cryptoki.AttributeValues;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/** An object in one generation: its handle, and what has been read of it so far. Thread-safe. */
public final class StoredObject {
    /** CK_INVALID_HANDLE: a login has shown the object, and nobody is logged in now. */
    private static final long NO_HANDLE = 0;

    private static final long NOT_ASKED = -1;

    /** Without what is known of it; with the key and the entries of indexes that are made of it. */
    private static final long OWN_WEIGHT = 2048;

    /** Kept of one object beyond what is usually asked: programs may ask for anything. */
    private static final int MOST_KNOWN = 256;

    private final long id;
    private final long handle;
    private final long objectClass;
    private final boolean isPrivate;
    private final CatalogRoom.Share room;
    private volatile ObjectIdentity identity;
    private volatile KnownAttributes known;
    private volatile long size = NOT_ASKED;
    private volatile boolean gone;

    /** Counts the changes. */
    private volatile int edition;

    private StoredObject(
            long id,
            long handle,
            long objectClass,
            boolean isPrivate,
            CatalogRoom.Share room,
            ObjectIdentity identity,
            KnownAttributes known) {
        this.id = id;
        this.handle = handle;
        this.objectClass = objectClass;
        this.isPrivate = isPrivate;
        this.room = room;
        this.identity = identity;
        this.known = known;
    }

    static StoredObject of(long id, long handle, ObjectIdentity identity, List<Answer> read, CatalogRoom.Share room) {
        KnownAttributes all = KnownAttributes.of(read);
        long objectClass = number(all, CKA.CLASS);
        boolean isPrivate = isPrivate(all);
        return new StoredObject(
                id,
                handle,
                objectClass,
                isPrivate,
                room,
                identity,
                KnownAttributes.of(withoutSecrets(objectClass, isPrivate, read)));
    }

    private static long number(KnownAttributes attributes, long type) {
        Answer answer = attributes.get(type);
        return answer == null ? -1 : answer.attribute().asLong(-1);
    }

    private static boolean isPrivate(KnownAttributes attributes) {
        Answer answer = attributes.get(CKA.PRIVATE);
        return answer != null && answer.attribute().asBoolean(false);
    }

    private static List<Answer> withoutSecrets(long objectClass, boolean isPrivate, List<Answer> read) {
        return read.stream()
                .filter(answer -> answer.attribute().value() == null
                        || !SecretAttributes.contain(
                                objectClass, isPrivate, answer.attribute().type()))
                .toList();
    }

    /** The same object while the token does not show it. */
    StoredObject remembered() {
        StoredObject copy = new StoredObject(id, NO_HANDLE, objectClass, isPrivate, room, identity, known);
        copy.size = size;
        return copy;
    }

    public long id() {
        return id;
    }

    /** Of the generation in which it was read. */
    public long handle() {
        return handle;
    }

    public long objectClass() {
        return objectClass;
    }

    public boolean isPrivate() {
        return isPrivate;
    }

    /** Whether the token does not show it until somebody logs in. */
    public boolean isRemembered() {
        return handle == NO_HANDLE;
    }

    /** Whether the token is known not to hold it any more. */
    public boolean isGone() {
        return gone;
    }

    ObjectIdentity identity() {
        return identity;
    }

    /** Somebody has just destroyed it. */
    public void destroyed() {
        gone = true;
    }

    /** Bytes of memory, more or less. */
    long weight() {
        return OWN_WEIGHT + known.weight();
    }

    /**
     * What the object looks like after a change; which other attributes changed with it is the token's affair.
     *
     * @return false where there is no room for that, and nothing was done
     */
    synchronized boolean reread(ObjectIdentity now, List<Answer> read) {
        KnownAttributes changed = KnownAttributes.of(withoutSecrets(objectClass, isPrivate, read));
        long more = changed.weight() - known.weight();
        if (more > 0 && !room.tryTake(more)) {
            return false;
        }
        identity = now;
        known = changed;
        size = NOT_ASKED;
        edition++;
        return true;
    }

    /** Whether all that is usually asked is still as it was. */
    boolean looksLike(List<Answer> read) {
        KnownAttributes before = known;
        return withoutSecrets(objectClass, isPrivate, read).stream()
                .allMatch(answer -> answer.equals(before.get(answer.attribute().type())));
    }

    /** As C_GetAttributeValue answers, from memory; null when one of them has not been read. */
    public @Nullable AttributeValues known(long... types) {
        return known.answer(types);
    }

    /** Asks the token for what is not known, and keeps that unless it is secret, or too much. */
    public AttributeValues read(Cryptoki cryptoki, long session, long... types) throws CryptokiException {
        KnownAttributes before = known;
        int editionBefore = edition;
        long[] missing = Arrays.stream(types)
                .filter(type -> before.get(type) == null)
                .distinct()
                .toArray();
        List<Answer> read = missing.length == 0 ? List.of() : new Questions(cryptoki, session).ask(handle, missing);
        keep(read, editionBefore);
        return Objects.requireNonNull(before.with(read).answer(types));
    }

    /** What was asked before a change is not kept after it. */
    private synchronized void keep(List<Answer> read, int editionBefore) {
        if (edition != editionBefore) {
            return;
        }
        KnownAttributes more = known.with(withoutSecrets(objectClass, isPrivate, read));
        if (more.count() <= MOST_KNOWN && room.tryTakeSpare(more.weight() - known.weight())) {
            known = more;
        }
    }

    public long size(Cryptoki cryptoki, long session) throws CryptokiException {
        long now = size;
        if (now == NOT_ASKED) {
            now = cryptoki.getObjectSize(session, handle);
            size = now;
        }
        return now;
    }

    /** C_GetObjectSize as it was answered before, or -1. */
    public long knownSize() {
        return size;
    }

    @Override
    public String toString() {
        return "StoredObject[" + id + ", class 0x" + Long.toHexString(objectClass) + "]";
    }
}
