package org.tokend.pkcs11.application;

import java.util.ArrayList;
import java.util.List;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKF;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.KeyPairHandles;
import org.tokend.pkcs11.cryptoki.Mechanism;
import org.tokend.pkcs11.token.TokenObject;

/**
 * Keys are made on the token, wrapped, and unwrapped onto it, all of it when the gate allows it. Keys that would end with the session are
 * not made: programs make those themselves when nobody offers to.
 */
final class KeyChanges {
    private final Changes changes;
    private final Objects objects;
    private final Mechanisms mechanisms;

    KeyChanges(Changes changes, Objects objects, Mechanisms mechanisms) {
        this.changes = changes;
        this.objects = objects;
        this.mechanisms = mechanisms;
    }

    long generate(Session session, Mechanism mechanism, List<Attribute> template)
            throws CryptokiException, TokenException {
        requireOnToken(template);
        changes.requireChangeable("C_GenerateKey", session, isPrivate(template));
        mechanisms.require(session.token(), mechanism.type(), CKF.GENERATE);
        return handle(session.token().administration().generateKey(mechanism, template));
    }

    KeyPairHandles generatePair(
            Session session, Mechanism mechanism, List<Attribute> publicTemplate, List<Attribute> privateTemplate)
            throws CryptokiException, TokenException {
        requireOnToken(privateTemplate);
        changes.requireChangeable("C_GenerateKeyPair", session, isPrivate(privateTemplate));
        mechanisms.require(session.token(), mechanism.type(), CKF.GENERATE_KEY_PAIR);
        List<TokenObject> pair =
                session.token().administration().generateKeyPair(mechanism, onToken(publicTemplate), privateTemplate);
        return new KeyPairHandles(handle(pair.get(0)), handle(pair.get(1)));
    }

    /** The public key of a key on the token is put beside it, also where a program wants it for its session only. */
    private static List<Attribute> onToken(List<Attribute> template) {
        List<Attribute> all = new ArrayList<>(template);
        all.removeIf(attribute -> attribute.type() == CKA.TOKEN);
        all.add(Attribute.of(CKA.TOKEN, true));
        return all;
    }

    private static void requireOnToken(List<Attribute> template) throws CryptokiException {
        if (!Changes.isTrue(template, CKA.TOKEN)) {
            throw Refusal.of(CKR.MECHANISM_INVALID);
        }
    }

    /** Private and secret keys are private objects where the template does not say otherwise. */
    private static boolean isPrivate(List<Attribute> template) {
        return template.stream()
                .filter(attribute -> attribute.type() == CKA.PRIVATE)
                .allMatch(attribute -> attribute.asBoolean(true));
    }

    byte[] wrap(Session session, Mechanism mechanism, long wrappingKey, long key)
            throws CryptokiException, TokenException {
        changes.requireChangeable("C_WrapKey", session, false);
        mechanisms.require(session.token(), mechanism.type(), CKF.WRAP);
        TokenObject wrapping = onToken(session, wrappingKey, CKR.WRAPPING_KEY_HANDLE_INVALID);
        TokenObject wrapped = onToken(session, key, CKR.KEY_HANDLE_INVALID);
        return session.token().administration().wrap(mechanism, wrapping, wrapped);
    }

    long unwrap(Session session, Mechanism mechanism, long unwrappingKey, byte[] wrapped, List<Attribute> template)
            throws CryptokiException, TokenException {
        requireOnToken(template);
        changes.requireChangeable("C_UnwrapKey", session, isPrivate(template));
        mechanisms.require(session.token(), mechanism.type(), CKF.UNWRAP);
        TokenObject unwrapping = onToken(session, unwrappingKey, CKR.UNWRAPPING_KEY_HANDLE_INVALID);
        return handle(session.token().administration().unwrap(mechanism, unwrapping, wrapped, template));
    }

    private TokenObject onToken(Session session, long handle, long otherwise) throws CryptokiException, TokenException {
        if (objects.key(session, handle) instanceof ApplicationObject.OnToken onToken) {
            return onToken.object();
        }
        throw Refusal.of(otherwise);
    }

    private static long handle(TokenObject object) {
        return ApplicationObject.OnToken.handleOf(object);
    }
}
