package org.tokend.pkcs11.application;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKO;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.token.TokenObject;

/** Objects are made, copied, changed and destroyed: in memory freely, on the token when the gate allows it. */
final class Changes {
    private final ApplicationGate gate;
    private final Objects objects;
    private final SessionObjects inMemory;
    private final Logins logins;

    Changes(ApplicationGate gate, Objects objects, SessionObjects inMemory, Logins logins) {
        this.gate = gate;
        this.objects = objects;
        this.inMemory = inMemory;
        this.logins = logins;
    }

    /** @param function that makes it: C_CreateObject, or C_DeriveKey */
    long create(String function, Session session, List<Attribute> template) throws CryptokiException, TokenException {
        return isTrue(template, CKA.TOKEN)
                ? createOnToken(function, session, template)
                : addChecked(session, NewObject.complete(template));
    }

    static boolean isTrue(List<Attribute> template, long type) {
        return template.stream().anyMatch(attribute -> attribute.type() == type && attribute.asBoolean(false));
    }

    /** The gate is asked before anything is looked at: it keeps record of what was tried. */
    void requireChangeable(String function, Session session, boolean privateObject) throws CryptokiException {
        gate.manage(function, session.token());
        if (!session.readWrite()) {
            throw Refusal.of(CKR.SESSION_READ_ONLY);
        }
        if (privateObject && !logins.seesPrivate(session.token())) {
            throw Refusal.of(CKR.USER_NOT_LOGGED_IN);
        }
    }

    private long createOnToken(String function, Session session, List<Attribute> template)
            throws CryptokiException, TokenException {
        requireChangeable(function, session, isTrue(template, CKA.PRIVATE));
        TokenObject made = session.token().administration().create(template);
        return ApplicationObject.OnToken.handleOf(made);
    }

    private long addChecked(Session session, List<Attribute> complete) throws CryptokiException, TokenException {
        if (isTrue(complete, CKA.PRIVATE) && !logins.seesPrivate(session.token())) {
            throw Refusal.of(CKR.USER_NOT_LOGGED_IN);
        }
        SessionObject object = inMemory.add(session, complete);
        if (object.objectClass() == CKO.PUBLIC_KEY) {
            try {
                PublicKeys.of(object);
            } catch (CryptokiException e) {
                inMemory.remove(each -> each.handle() == object.handle());
                throw e;
            }
        }
        return object.handle();
    }

    long copy(Session session, long handle, List<Attribute> template) throws CryptokiException, TokenException {
        ApplicationObject object = objects.object(session, handle);
        if (object instanceof ApplicationObject.OnToken onToken) {
            if (tokenFlag(template, true)) {
                requireChangeable("C_CopyObject", session, object.isPrivate());
                TokenObject made = session.token().administration().copy(onToken.object(), template);
                return ApplicationObject.OnToken.handleOf(made);
            }
            return addChecked(session, NewObject.copied(object, read(object), template));
        }
        List<Attribute> copy = NewObject.copied(object, ((SessionObject) object).all(), template);
        return tokenFlag(template, false)
                ? createOnToken("C_CopyObject", session, forToken(copy))
                : addChecked(session, copy);
    }

    private static boolean tokenFlag(List<Attribute> template, boolean otherwise) {
        return template.stream()
                .filter(attribute -> attribute.type() == CKA.TOKEN)
                .map(attribute -> attribute.asBoolean(otherwise))
                .findFirst()
                .orElse(otherwise);
    }

    /** All that an object of its kind can have; secrets of token objects are not told, so their keys cannot be copied into memory. */
    private static List<Attribute> read(ApplicationObject object) throws CryptokiException, TokenException {
        ObjectForm form = ObjectForm.of(List.of(
                Attribute.of(CKA.CLASS, object.objectClass()),
                Attribute.of(CKA.KEY_TYPE, object.number(CKA.KEY_TYPE, -1)),
                Attribute.of(CKA.CERTIFICATE_TYPE, object.number(CKA.CERTIFICATE_TYPE, -1))));
        List<Attribute> all = new ArrayList<>(List.of(Attribute.of(CKA.CLASS, object.objectClass())));
        for (long[] types :
                new long[][] {numbers(form.required()), numbers(form.defaults().keySet())}) {
            object.attributes(types).attributes().stream()
                    .filter(attribute -> attribute.value() != null)
                    .forEach(all::add);
        }
        List<Long> present = all.stream().map(Attribute::type).toList();
        if (!present.containsAll(form.required())) {
            throw Refusal.of(CKR.ACTION_PROHIBITED);
        }
        all.removeIf(attribute -> attribute.type() == CKA.TOKEN);
        all.add(Attribute.of(CKA.TOKEN, false));
        return all;
    }

    private static long[] numbers(Collection<Long> types) {
        return types.stream().mapToLong(Long::longValue).toArray();
    }

    /** Without what a token wants to find out itself, and what is empty because it was not given. */
    private static List<Attribute> forToken(List<Attribute> attributes) throws CryptokiException {
        ObjectForm form = ObjectForm.of(attributes);
        return attributes.stream()
                .filter(attribute -> !form.ours().contains(attribute.type()))
                .filter(attribute -> !Arrays.equals(attribute.value(), new byte[0]))
                .toList();
    }

    void set(Session session, long handle, List<Attribute> changes) throws CryptokiException, TokenException {
        ApplicationObject object = objects.object(session, handle);
        if (object instanceof ApplicationObject.OnToken onToken) {
            requireChangeable("C_SetAttributeValue", session, object.isPrivate());
            session.token().administration().setAttributes(onToken.object(), changes);
            return;
        }
        NewObject.checkChanges(object, changes);
        inMemory.change((SessionObject) object, changes);
    }

    void destroy(Session session, long handle) throws CryptokiException, TokenException {
        ApplicationObject object = objects.object(session, handle);
        if (object instanceof ApplicationObject.OnToken onToken) {
            requireChangeable("C_DestroyObject", session, object.isPrivate());
            session.token().administration().destroy(onToken.object());
            return;
        }
        if (!object.flag(CKA.DESTROYABLE, true)) {
            throw Refusal.of(CKR.ACTION_PROHIBITED);
        }
        inMemory.remove(each -> each.handle() == handle);
    }
}
