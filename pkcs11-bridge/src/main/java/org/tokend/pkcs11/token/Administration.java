package org.tokend.pkcs11.token;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.TokenIdentity;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKK;
import org.tokend.pkcs11.cryptoki.CKO;
import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.KeyPairHandles;
import org.tokend.pkcs11.cryptoki.Mechanism;
import org.tokend.pkcs11.object.StoredObject;
import org.tokend.pkcs11.session.Generation;
import org.tokend.pkcs11.session.OfficerLogin;
import org.tokend.pkcs11.session.SessionPool;

/** Changes the token, and the catalogue with it. */
final class Administration implements TokenAdministration {
    /** How often the ground may move before anything has been asked. */
    private static final int ROUNDS = 4;

    private final TokenIdentity token;
    private final TokenCalls calls;
    private final TokenViews views;
    private final TokenObjects objects;
    private final OfficerLogin officer;
    private final Rescan rescan;

    /** Looks for the token, which may be called another name now. */
    interface Rescan {
        void run() throws TokenException;
    }

    Administration(TokenIdentity token, SessionPool pool, TokenViews views, TokenObjects objects, Rescan rescan) {
        this.token = token;
        this.calls = new TokenCalls(token, pool);
        this.views = views;
        this.objects = objects;
        this.officer = new OfficerLogin(pool);
        this.rescan = rescan;
    }

    /** One change. Handles are those of the view. */
    private interface Change<T> {
        T run(Cryptoki cryptoki, long session, TokenView view) throws CryptokiException, TokenException;
    }

    /** What a change brought about, and in which generation. */
    private record Changed<T>(T result, long generation) {}

    private <T> Changed<T> change(Change<T> change) throws TokenException, CryptokiException {
        for (int round = 0; round < ROUNDS; round++) {
            TokenView view = views.current();
            Optional<Changed<T>> done = calls.readWrite((cryptoki, session, generation) -> begun(view, generation)
                    ? Optional.of(new Changed<>(change.run(cryptoki, session, view), view.generation()))
                    : Optional.empty());
            if (done.isPresent()) {
                return done.get();
            }
        }
        throw new TokenException.Removed("The token " + token + " came and went while it was asked; try again.");
    }

    private static boolean begun(TokenView view, Generation generation) {
        return view.generation() == generation.number();
    }

    private TokenObject make(Change<Long> change) throws TokenException, CryptokiException {
        Changed<Long> made = change(change);
        return shown(views.changed(), made.generation(), made.result());
    }

    private TokenObject shown(TokenView now, long generation, long handle) throws TokenException {
        if (now.generation() == generation) {
            var stored = now.objects().withHandle(handle);
            if (stored.isPresent()) {
                return objects.of(now, stored.get());
            }
        }
        throw new TokenException.Removed("The token " + token
                + " has made the object, and went away before it could be read; look for it when the token is back.");
    }

    private long handle(TokenView view, TokenObject object) throws TokenException {
        return objects.present(view, object.id()).handle();
    }

    private static List<Attribute> onToken(List<Attribute> template) {
        List<Attribute> own = new ArrayList<>(template);
        own.removeIf(attribute -> attribute.type() == CKA.TOKEN);
        own.add(Attribute.of(CKA.TOKEN, true));
        return own;
    }

    @Override
    public TokenObject create(List<Attribute> template) throws TokenException, CryptokiException {
        return make((cryptoki, session, view) -> cryptoki.createObject(session, onToken(template)));
    }

    @Override
    public TokenObject copy(TokenObject object, List<Attribute> template) throws TokenException, CryptokiException {
        return make((cryptoki, session, view) -> cryptoki.copyObject(session, handle(view, object), onToken(template)));
    }

    @Override
    public void destroy(TokenObject object) throws TokenException, CryptokiException {
        change((cryptoki, session, view) -> {
            StoredObject stored = objects.present(view, object.id());
            cryptoki.destroyObject(session, stored.handle());
            // Whoever reads the token beside this call may have noted it already.
            stored.destroyed();
            return true;
        });
        views.changed();
    }

    @Override
    public void setAttributes(TokenObject object, List<Attribute> template) throws TokenException, CryptokiException {
        try {
            change((cryptoki, session, view) -> {
                StoredObject stored = objects.present(view, object.id());
                cryptoki.setAttributeValue(session, stored.handle(), template);
                view.objects().reread(cryptoki, session, views.memory(), stored);
                return true;
            });
        } catch (CryptokiException e) {
            // Some of them may have been set.
            objects.recheck(object.id());
            throw e;
        }
        views.changed();
    }

    @Override
    public List<TokenObject> generateKeyPair(
            Mechanism mechanism, List<Attribute> publicTemplate, List<Attribute> privateTemplate)
            throws TokenException, CryptokiException {
        Changed<KeyPairHandles> made = change((cryptoki, session, view) ->
                cryptoki.generateKeyPair(session, mechanism, onToken(publicTemplate), onToken(privateTemplate)));
        TokenView now = views.changed();
        return List.of(
                shown(now, made.generation(), made.result().publicKey()),
                shown(now, made.generation(), made.result().privateKey()));
    }

    @Override
    public TokenObject generateKey(Mechanism mechanism, List<Attribute> template)
            throws TokenException, CryptokiException {
        return make((cryptoki, session, view) -> cryptoki.generateKey(session, mechanism, onToken(template)));
    }

    @Override
    public byte[] wrap(Mechanism mechanism, TokenObject wrappingKey, TokenObject key)
            throws TokenException, CryptokiException {
        return change((cryptoki, session, view) ->
                        cryptoki.wrapKey(session, mechanism, handle(view, wrappingKey), handle(view, key)))
                .result();
    }

    @Override
    public byte[] wrapOut(Mechanism mechanism, byte[] wrappingKey, TokenObject key)
            throws TokenException, CryptokiException {
        return change((cryptoki, session, view) -> {
                    long own = cryptoki.createObject(session, sessionKey(wrappingKey));
                    try {
                        return cryptoki.wrapKey(session, mechanism, own, handle(view, key));
                    } finally {
                        destroyQuietly(cryptoki, session, own);
                    }
                })
                .result();
    }

    /** At the latest it goes with its session. */
    private static void destroyQuietly(Cryptoki cryptoki, long session, long object) {
        try {
            cryptoki.destroyObject(session, object);
        } catch (CryptokiException e) {
            // See above.
        }
    }

    private static List<Attribute> sessionKey(byte[] aesKey) {
        return List.of(
                Attribute.of(CKA.CLASS, CKO.SECRET_KEY),
                Attribute.of(CKA.KEY_TYPE, CKK.AES),
                Attribute.of(CKA.TOKEN, false),
                Attribute.of(CKA.PRIVATE, true),
                Attribute.of(CKA.SENSITIVE, true),
                Attribute.of(CKA.EXTRACTABLE, false),
                Attribute.of(CKA.WRAP, true),
                Attribute.of(CKA.VALUE, aesKey));
    }

    @Override
    public TokenObject unwrap(Mechanism mechanism, TokenObject unwrappingKey, byte[] wrapped, List<Attribute> template)
            throws TokenException, CryptokiException {
        return make((cryptoki, session, view) ->
                cryptoki.unwrapKey(session, mechanism, handle(view, unwrappingKey), wrapped, onToken(template)));
    }

    @Override
    public void checkOfficerPin(@Nullable MemorySegment officerPin) throws TokenException, CryptokiException {
        officer.run(officerPin, (cryptoki, session) -> {});
    }

    @Override
    public void initPin(@Nullable MemorySegment officerPin, @Nullable MemorySegment userPin)
            throws TokenException, CryptokiException {
        officer.run(officerPin, (cryptoki, session) -> cryptoki.initPin(session, userPin));
    }

    @Override
    public void setPin(@Nullable MemorySegment oldPin, @Nullable MemorySegment newPin)
            throws TokenException, CryptokiException {
        calls.readWrite((cryptoki, session, generation) -> {
            cryptoki.setPin(session, oldPin, newPin);
            return true;
        });
    }

    @Override
    public void setOfficerPin(@Nullable MemorySegment oldPin, @Nullable MemorySegment newPin)
            throws TokenException, CryptokiException {
        officer.run(oldPin, (cryptoki, session) -> cryptoki.setPin(session, oldPin, newPin));
    }

    @Override
    public void initialise(@Nullable MemorySegment officerPin, String label) throws TokenException, CryptokiException {
        officer.withoutSessions((cryptoki, slot) -> cryptoki.initToken(slot, officerPin, label));
        views.memory().forgetPrivate();
        rescan.run();
    }
}
