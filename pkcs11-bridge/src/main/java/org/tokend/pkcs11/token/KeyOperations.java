package org.tokend.pkcs11.token;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.KeyAlgorithm;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.TokenIdentity;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.host.Pkcs11Module;
import org.tokend.pkcs11.key.KeyEntry;
import org.tokend.pkcs11.key.PrivateKeyObject;
import org.tokend.pkcs11.operation.KeyUse;
import org.tokend.pkcs11.operation.MechanismTable;
import org.tokend.pkcs11.operation.Plan;
import org.tokend.pkcs11.operation.SignPlan;
import org.tokend.pkcs11.session.ReturnValueClass;
import org.tokend.pkcs11.session.SessionLease;
import org.tokend.pkcs11.session.SessionPool;

/** Uses a private key: finds it in the present generation, tries what the token can do in turn, and survives its failures. */
final class KeyOperations {
    /** How often the ground may move under one request before it is given up. */
    private static final int ROUNDS = 4;

    private final Pkcs11Module module;
    private final TokenIdentity token;
    private final SessionPool pool;
    private final TokenViews views;

    KeyOperations(Pkcs11Module module, TokenIdentity token, SessionPool pool, TokenViews views) {
        this.module = module;
        this.token = token;
        this.pool = pool;
        this.views = views;
    }

    /** What is to be done with a key in a session. */
    interface Step<P extends Plan, T> {
        T run(KeyUse use, P plan) throws CryptokiException, TokenException;
    }

    /** A result that may stand for a failure of the token, after which the session is not to be used again. */
    interface MaySpoil {
        boolean spoiled();
    }

    /**
     * @param plans what to try, best first
     * @param repeatable doing it twice is as good as once
     */
    record Task<P extends Plan, T>(
            KeyDescriptor key,
            KeyAlgorithm algorithm,
            @Nullable MemorySegment pin,
            boolean pinPad,
            Function<MechanismTable, List<P>> plans,
            Step<P, T> step,
            boolean repeatable) {}

    <P extends Plan, T> T perform(Task<P, T> task) throws TokenException {
        module.used();
        boolean retried = false;
        for (int round = 0; round < ROUNDS; round++) {
            TokenView view = views.current();
            if (views.readAgainFor(view, task.key())) {
                continue;
            }
            KeyEntry entry = views.entry(view, task.key());
            try {
                Optional<T> result = tryPlans(task, view, entry);
                if (result.isPresent()) {
                    return result.get();
                }
            } catch (CryptokiException e) {
                ended(view, e);
                if (retried || !mayRetry(task, entry, e)) {
                    throw Failures.of(token, e);
                }
                retried = true;
            }
        }
        throw new TokenException.Removed("The token " + token + " came and went while it was asked; try again.");
    }

    private static boolean mayRetry(Task<?, ?> task, KeyEntry entry, CryptokiException e) {
        boolean gone = ReturnValueClass.of(e) == ReturnValueClass.TOKEN_GONE;
        boolean repeatable = task.repeatable() && !entry.descriptor().alwaysAuthenticate() && !Timeouts.is(e);
        return gone && (repeatable || Failures.nothingWasDone(e));
    }

    /** Whatever is not plainly about the request or the PIN ends the generation. */
    private void ended(TokenView view, CryptokiException e) {
        switch (ReturnValueClass.of(e)) {
            case OURS -> {}
            case USER -> {
                if (e.returnValue() == CKR.USER_NOT_LOGGED_IN) {
                    pool.end(view.generation(), e.getMessage(), true);
                }
            }
            case TOKEN_GONE -> {
                if (e.returnValue() == CKR.OPERATION_ACTIVE) {
                    // An operation left over in a session says nothing about the others; the session is closed.
                    pool.beginNothingAhead();
                } else {
                    pool.end(view.generation(), e.getMessage(), false);
                }
            }
        }
    }

    /** Empty when the generation ended before anything was asked. */
    private <P extends Plan, T> Optional<T> tryPlans(Task<P, T> task, TokenView view, KeyEntry entry)
            throws TokenException, CryptokiException {
        KeyDescriptor key = entry.descriptor();
        PrivateKeyObject object = java.util.Objects.requireNonNull(entry.object());
        if (!key.algorithms().contains(task.algorithm())) {
            throw unsupported(task, null);
        }
        boolean always = object.alwaysAuthenticate();
        if (always && task.pin() == null && !task.pinPad()) {
            throw new TokenException.LoginRequired("The key " + key.uri() + " needs the PIN for each use.");
        }
        CryptokiException refusal = null;
        for (P plan : task.plans().apply(view.mechanisms())) {
            try (SessionLease lease = lease(plan, object.handle(), always)) {
                if (lease.generation().number() != view.generation()) {
                    lease.keepUnused();
                    return Optional.empty();
                }
                try {
                    T result = task.step()
                            .run(
                                    new KeyUse(
                                            lease.cryptoki(),
                                            lease.session(),
                                            object.handle(),
                                            key,
                                            always,
                                            lease.ahead(),
                                            task.pin()),
                                    plan);
                    if (result instanceof MaySpoil outcome && outcome.spoiled()) {
                        lease.keepIfLast();
                    } else {
                        lease.keep();
                        pool.proven();
                    }
                    return Optional.of(result);
                } catch (CryptokiException e) {
                    if (ReturnValueClass.of(e) != ReturnValueClass.TOKEN_GONE) {
                        lease.keepIfLast();
                    }
                    if (!plan.refusedBy(e)) {
                        throw e;
                    }
                    view.mechanisms().refused(key, plan);
                    refusal = e;
                }
            }
        }
        throw unsupported(task, refusal);
    }

    private SessionLease lease(Plan plan, long handle, boolean always) throws TokenException {
        return !always && plan instanceof SignPlan signature ? pool.lease(signature.init(handle)) : pool.lease(always);
    }

    private TokenException.Unsupported unsupported(Task<?, ?> task, @Nullable CryptokiException refusal) {
        return new TokenException.Unsupported("The key " + task.key().uri() + " cannot be used for " + task.algorithm()
                + ": its attributes and the token's mechanisms do not allow it (needed: "
                + MechanismTable.needed(task.algorithm()) + ")"
                + (refusal == null ? "." : "; the token said " + CKR.nameOf(refusal.returnValue()) + "."));
    }
}
