package org.tokend.pkcs11.host;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.ConnectionLostException;
import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.LocalCryptoki;
import org.tokend.pkcs11.linux.ProcessEnvironment;

/**
 * A module in this process, for one that its owner trusts not to crash or hang: nothing here can end a call. Calls hold the
 * lock for reading, or for writing where the module takes one call at a time; a restart waits until none is under way.
 * The module's variables are set for the whole process.
 */
public final class InProcessModule implements Pkcs11Module {
    private static final Duration QUIET = Duration.ofSeconds(5);

    private final ModuleSettings settings;
    private final HostLog log;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock(true);

    // Written with the lock held; read without it, because connect() and generation() must not wait for a call to end.
    private volatile @Nullable LocalCryptoki loaded;
    private volatile long generation = 1;
    private volatile boolean closed;

    public InProcessModule(ModuleSettings settings, HostLog log) {
        this.settings = settings;
        this.log = log;
    }

    @Override
    public String name() {
        return settings.name();
    }

    @Override
    public Cryptoki connect() throws CryptokiException {
        LocalCryptoki module = closed ? null : loaded;
        return view(module != null ? module : load());
    }

    private LocalCryptoki load() throws CryptokiException {
        lock.writeLock().lock();
        try {
            if (closed) {
                throw new CryptokiException(
                        "connect", CKR.GENERAL_ERROR, "module " + settings.name() + " has been closed");
            }
            LocalCryptoki module = loaded;
            if (module == null) {
                ProcessEnvironment.set(settings.environment());
                module = settings.wrapper().open(settings.file(), settings.reserved());
                loaded = module;
                log.started(settings.name(), (int) ProcessHandle.current().pid());
            }
            return module;
        } finally {
            lock.writeLock().unlock();
        }
    }

    private Cryptoki view(LocalCryptoki module) {
        Lock turn = module.threadSafe() ? lock.readLock() : lock.writeLock();
        InvocationHandler handler = (proxy, method, arguments) -> {
            if (method.getName().equals("close")) {
                return null;
            }
            turn.lock();
            try {
                if (loaded != module) {
                    throw new ConnectionLostException(functionOf(method), false);
                }
                return method.invoke(module, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            } finally {
                turn.unlock();
            }
        };
        return (Cryptoki)
                Proxy.newProxyInstance(Cryptoki.class.getClassLoader(), new Class<?>[] {Cryptoki.class}, handler);
    }

    private static String functionOf(Method method) {
        String name = method.getName();
        return "C_" + Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }

    @Override
    public long generation() {
        return generation;
    }

    @Override
    public void restart(long ended, String reason) {
        if (!lockWhenQuiet()) {
            log.ending(settings.name(), reason + "; not done: a call does not return");
            return;
        }
        try {
            LocalCryptoki module = loaded;
            if (module == null || generation != ended) {
                return;
            }
            log.ending(settings.name(), reason);
            loaded = null;
            generation++;
            module.close();
            log.ended(settings.name(), "finalized");
        } finally {
            lock.writeLock().unlock();
        }
    }

    private boolean lockWhenQuiet() {
        try {
            return lock.writeLock().tryLock(QUIET.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public int maxConnections() {
        return settings.connections();
    }

    @Override
    public void close() {
        closed = true;
        restart(generation, "the daemon lets go of it");
    }
}
