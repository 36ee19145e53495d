package org.tokend.pkcs11.token;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.TokenIdentity;
import org.tokend.pkcs11.cryptoki.AttributeValues;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.ConnectionLostException;
import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.object.ObjectCatalog;
import org.tokend.pkcs11.object.StoredObject;
import org.tokend.pkcs11.session.ReturnValueClass;
import org.tokend.pkcs11.session.SessionLease;
import org.tokend.pkcs11.session.SessionPool;

/** The objects of one token, whatever generation it is in: from memory, or from the token where it has not been asked yet. */
final class TokenObjects {
    /** How often the ground may move under one question before it is given up: each time somebody logs in or out. */
    private static final int ROUNDS = 32;

    private final TokenIdentity token;
    private final SessionPool pool;
    private final TokenViews views;
    private @Nullable Shown shown;

    /** The list for one view: applications ask for it in every search. */
    private record Shown(ObjectCatalog catalog, TokenObjectList objects) {}

    TokenObjects(TokenIdentity token, SessionPool pool, TokenViews views) {
        this.token = token;
        this.pool = pool;
        this.views = views;
    }

    TokenObjectList all() throws TokenException {
        return all(views.current());
    }

    private synchronized TokenObjectList all(TokenView view) {
        Shown known = shown;
        if (known != null && known.catalog() == view.objects()) {
            return known.objects();
        }
        TokenObjectList objects = TokenObjectList.of(view.objects().objects().stream()
                .map(stored -> of(view, stored))
                .toList());
        shown = new Shown(view.objects(), objects);
        return objects;
    }

    TokenObject of(TokenView view, StoredObject stored) {
        return new CatalogueObject(this, stored, view.generation());
    }

    boolean holds(long generation) {
        return pool.holds(generation);
    }

    @Nullable
    KeyDescriptor keyOf(StoredObject object) {
        return views.keyOf(object.id());
    }

    /** A question to the token about one of its objects. */
    private interface Question<T> {
        T ask(StoredObject object, Cryptoki cryptoki, long session) throws CryptokiException;
    }

    AttributeValues attributes(long id, long... types) throws TokenException {
        return ask(
                id,
                object -> object.known(types),
                (object, cryptoki, session) -> object.read(cryptoki, session, types));
    }

    long size(long id) throws TokenException {
        return ask(id, object -> object.knownSize() < 0 ? null : object.knownSize(), StoredObject::size);
    }

    private <T> T ask(long id, Function<StoredObject, @Nullable T> known, Question<T> question) throws TokenException {
        boolean repeated = false;
        for (int round = 0; round < ROUNDS; round++) {
            TokenView view = views.current();
            StoredObject object = find(view, id);
            T answer = known.apply(object);
            if (answer != null) {
                return answer;
            }
            present(view, id);
            try (SessionLease lease = pool.lease(false)) {
                if (lease.generation().number() != view.generation()) {
                    lease.keep();
                    continue;
                }
                try {
                    answer = question.ask(object, lease.cryptoki(), lease.session());
                    lease.keep();
                    return answer;
                } catch (CryptokiException e) {
                    if (!repeated && endedMeanwhile(view, e)) {
                        repeated = true;
                    } else {
                        failed(view, object, lease, e);
                    }
                }
            }
            views.changed();
        }
        throw new TokenException.Removed("The token " + token + " came and went while it was asked; try again.");
    }

    StoredObject find(TokenView view, long id) throws TokenException.KeyNotFound {
        return view.objects()
                .find(id)
                .filter(known -> !known.isGone())
                .orElseThrow(() -> new TokenException.KeyNotFound(
                        "The token " + token + " does not hold this object any more; look for it again."));
    }

    /** Brings up to date what is known of an object. */
    void recheck(long id) throws TokenException {
        TokenView view = views.current();
        boolean same = ask(
                id,
                object -> null,
                (object, cryptoki, session) -> view.objects().recheck(cryptoki, session, views.memory(), object));
        if (!same) {
            views.changed();
        }
    }

    /** With a handle. */
    StoredObject present(TokenView view, long id) throws TokenException {
        StoredObject object = find(view, id);
        if (object.isRemembered()) {
            throw new TokenException.LoginRequired(
                    "The token " + token + " is locked: unlock it to reach its private objects.");
        }
        return object;
    }

    /**
     * Whether the token answered a question of a generation that ended under it, as when the login is lost: the same may be asked once
     * more, since nothing is changed by it. What ended the host may end the next one.
     */
    private boolean endedMeanwhile(TokenView view, CryptokiException e) {
        return !(e instanceof ConnectionLostException) && !pool.holds(view.generation());
    }

    /** @throws TokenException unless the object is just not there any more */
    private void failed(TokenView view, StoredObject object, SessionLease lease, CryptokiException e)
            throws TokenException {
        if (e.returnValue() == CKR.OBJECT_HANDLE_INVALID) {
            lease.keep();
            return;
        }
        if (ReturnValueClass.of(e) != ReturnValueClass.TOKEN_GONE || isWell(object, lease, e)) {
            lease.keepIfLast();
            throw new TokenException.Failed(
                    "The token " + token + " does not tell this of one of its objects: " + e.getMessage() + ".",
                    e.returnValue());
        }
        pool.end(view.generation(), e.getMessage(), false);
        throw Failures.of(token, e);
    }

    /** SoftHSM fails over single attributes with CKR_GENERAL_ERROR: the token is gone when it does so over each. */
    private static boolean isWell(StoredObject object, SessionLease lease, CryptokiException e) {
        if (e instanceof ConnectionLostException) {
            return false;
        }
        try {
            return lease.cryptoki()
                            .getAttributeValue(lease.session(), object.handle(), CKA.CLASS)
                            .get(CKA.CLASS)
                            .asLong(-1)
                    == object.objectClass();
        } catch (CryptokiException alsoThere) {
            return false;
        }
    }
}
