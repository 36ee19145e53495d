package org.tokend.pkcs11.application;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.token.Token;
import org.tokend.pkcs11.token.TokenObject;

/** The objects that a session sees: on its token, and in memory. */
final class Objects {
    private final ApplicationGate gate;
    private final Logins logins;
    private final SessionObjects inMemory;

    Objects(ApplicationGate gate, Logins logins, SessionObjects inMemory) {
        this.gate = gate;
        this.logins = logins;
        this.inMemory = inMemory;
    }

    ApplicationObject object(Session session, long handle) throws CryptokiException, TokenException {
        ApplicationObject object = existing(session.token(), handle);
        if (object == null || object.isPrivate() && !logins.seesPrivate(session.token())) {
            throw Refusal.of(CKR.OBJECT_HANDLE_INVALID);
        }
        return object;
    }

    /** A key that is to be used. That a login is missing is said here: programs ask for the PIN then. */
    ApplicationObject key(Session session, long handle) throws CryptokiException, TokenException {
        ApplicationObject object = existing(session.token(), handle);
        if (object == null) {
            throw Refusal.of(CKR.KEY_HANDLE_INVALID);
        }
        requireLogin(session, object);
        return object;
    }

    void requireLogin(Session session, ApplicationObject object) throws CryptokiException {
        if (object.isPrivate() && !logins.seesPrivate(session.token())) {
            throw Refusal.of(CKR.USER_NOT_LOGGED_IN);
        }
    }

    private @Nullable ApplicationObject existing(Token token, long handle) throws TokenException {
        if (!ApplicationObject.OnToken.isHandle(handle)) {
            return inMemory.byHandle(token, handle);
        }
        TokenObject object = token.objects().withId(ApplicationObject.OnToken.idOf(handle));
        return object != null && isShown(object) ? new ApplicationObject.OnToken(object) : null;
    }

    private boolean isShown(TokenObject object) {
        KeyDescriptor key = object.key();
        return key == null || gate.shows(key);
    }

    /** Handles of all that match, those on the token first. */
    long[] find(Session session, List<Attribute> template) throws TokenException {
        Token token = session.token();
        boolean privateToo = logins.seesPrivate(token);
        List<Long> found = new ArrayList<>();
        if (mayBeOnToken(template, true)) {
            for (TokenObject candidate : token.objects().candidates(template)) {
                if ((privateToo || !candidate.isPrivate()) && isShown(candidate)) {
                    addMatch(found, new ApplicationObject.OnToken(candidate), template);
                }
            }
        }
        if (mayBeOnToken(template, false)) {
            for (SessionObject candidate : inMemory.of(token)) {
                if (privateToo || !candidate.isPrivate()) {
                    addMatch(found, candidate, template);
                }
            }
        }
        return found.stream().mapToLong(Long::longValue).toArray();
    }

    private static boolean mayBeOnToken(List<Attribute> template, boolean onToken) {
        return template.stream()
                .filter(attribute -> attribute.type() == CKA.TOKEN)
                .allMatch(attribute -> attribute.asBoolean(onToken) == onToken);
    }

    private static void addMatch(List<Long> found, ApplicationObject candidate, List<Attribute> template)
            throws TokenException {
        for (Attribute wanted : template) {
            if (!candidate.has(wanted)) {
                return;
            }
        }
        found.add(candidate.handle());
    }
}
