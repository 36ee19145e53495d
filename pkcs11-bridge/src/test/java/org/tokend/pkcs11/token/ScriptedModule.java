package org.tokend.pkcs11.token;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.host.Pkcs11Module;

/** A real module in this process, between whose functions and their callers a script stands. */
public final class ScriptedModule implements Pkcs11Module {

    /** One call; {@link #proceed()} makes it. */
    public interface Call {
        /** The Java method: {@code signInit}. */
        String name();

        /** Counts all calls since the script was set, from 0. */
        int index();

        @Nullable
        Object[] arguments();

        @Nullable
        Object proceed() throws Throwable;

        /** As the C function's name says. */
        default CryptokiException failure(long returnValue) {
            return new CryptokiException(
                    "C_" + Character.toUpperCase(name().charAt(0)) + name().substring(1), returnValue);
        }
    }

    public interface Script {
        @Nullable
        Object run(Call call) throws Throwable;
    }

    private static final Script HONEST = Call::proceed;

    private final Cryptoki real;
    private final int connections;
    private final AtomicLong generation = new AtomicLong(1);
    private final List<String> calls = Collections.synchronizedList(new ArrayList<>());
    private final List<String> restarts = Collections.synchronizedList(new ArrayList<>());
    private volatile Script script = HONEST;
    private volatile boolean available = true;
    private volatile boolean initsAhead;

    public ScriptedModule(Cryptoki real, int connections) {
        this.real = real;
        this.connections = connections;
    }

    public void script(Script next) {
        calls.clear();
        script = next;
    }

    public void honest() {
        script(HONEST);
    }

    /** The names of all calls since the script was set. */
    public List<String> calls() {
        return List.copyOf(calls);
    }

    public List<String> restarts() {
        return List.copyOf(restarts);
    }

    public void available(boolean now) {
        available = now;
    }

    /** C_SignInit is called ahead from now on, as where the module is in a host; here the caller waits for it. */
    public void initAhead() {
        initsAhead = true;
    }

    @Override
    public String name() {
        return "scripted";
    }

    @Override
    public Cryptoki connect() throws CryptokiException {
        if (!available) {
            throw new CryptokiException("connect", CKR.GENERAL_ERROR);
        }
        return (Cryptoki) Proxy.newProxyInstance(
                Cryptoki.class.getClassLoader(), new Class<?>[] {Cryptoki.class}, new Connection());
    }

    private final class Connection implements InvocationHandler {
        @Override
        public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
                throws Throwable {
            if (method.getName().equals("close")) {
                return null;
            }
            if (method.getName().equals("initsAhead")) {
                return initsAhead;
            }
            if (method.isDefault()) {
                return InvocationHandler.invokeDefault(proxy, method, arguments);
            }
            int index;
            synchronized (calls) {
                index = calls.size();
                calls.add(method.getName());
            }
            return script.run(new RealCall(method, arguments == null ? new Object[0] : arguments, index));
        }
    }

    private final class RealCall implements Call {
        private final Method method;
        private final @Nullable Object[] arguments;
        private final int index;

        RealCall(Method method, @Nullable Object[] arguments, int index) {
            this.method = method;
            this.arguments = arguments;
            this.index = index;
        }

        @Override
        public String name() {
            return method.getName();
        }

        @Override
        public int index() {
            return index;
        }

        @Override
        public @Nullable Object[] arguments() {
            return arguments;
        }

        @Override
        public @Nullable Object proceed() throws Throwable {
            try {
                return method.invoke(real, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }
    }

    @Override
    public long generation() {
        return generation.get();
    }

    /** As after the death of a host: sessions and login are gone. */
    @Override
    public void restart(long ended, String reason) {
        if (generation.compareAndSet(ended, ended + 1)) {
            restarts.add(reason);
            try {
                for (long slot : real.getSlotList(true)) {
                    real.closeAllSessions(slot);
                }
            } catch (CryptokiException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public int maxConnections() {
        return connections;
    }

    @Override
    public void close() {
        real.close();
    }
}
