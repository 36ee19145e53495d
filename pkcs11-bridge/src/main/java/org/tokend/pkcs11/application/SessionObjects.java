package org.tokend.pkcs11.application;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.token.Token;

/** The application's session objects, bounded in number and size. */
final class SessionObjects {
    private final int most;
    private final Quota quota;
    private final Map<Long, SessionObject> byHandle = new LinkedHashMap<>();
    private long made;

    SessionObjects(int most, Quota quota) {
        this.most = most;
        this.quota = quota;
    }

    synchronized SessionObject add(Session owner, List<Attribute> template) throws CryptokiException {
        if (byHandle.size() >= most) {
            throw Refusal.of(CKR.DEVICE_MEMORY);
        }
        SessionObject object = new SessionObject(made << 1 | 1, owner, template);
        try {
            quota.take(object.memory());
        } catch (CryptokiException e) {
            object.wipe();
            throw e;
        }
        made++;
        byHandle.put(object.handle(), object);
        return object;
    }

    synchronized void change(SessionObject object, List<Attribute> changes) throws CryptokiException {
        if (!byHandle.containsKey(object.handle())) {
            throw Refusal.of(CKR.OBJECT_HANDLE_INVALID);
        }
        long before = object.memory();
        long more = SessionObject.memory(changes);
        // Old values and new ones, until the old ones are gone.
        quota.take(more);
        object.set(changes);
        quota.giveBack(before + more - object.memory());
    }

    synchronized @Nullable SessionObject byHandle(Token token, long handle) {
        SessionObject object = byHandle.get(handle);
        return object != null && object.owner().token().equals(token) ? object : null;
    }

    synchronized List<SessionObject> of(Token token) {
        return byHandle.values().stream()
                .filter(object -> object.owner().token().equals(token))
                .toList();
    }

    synchronized void remove(Predicate<SessionObject> which) {
        for (SessionObject object : new ArrayList<>(byHandle.values())) {
            if (which.test(object)) {
                byHandle.remove(object.handle());
                quota.giveBack(object.memory());
                object.wipe();
            }
        }
    }
}
