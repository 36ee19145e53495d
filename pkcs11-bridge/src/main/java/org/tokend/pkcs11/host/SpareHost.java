package org.tokend.pkcs11.host;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A host that has been started, without the module, to take over when the running one ends: starting a JVM is what takes longest
 * then. It is there for a while after each use. For one thread, which has to live as long as the hosts shall; {@link #used} is for any.
 */
final class SpareHost {
    private final ModuleSettings settings;
    private final Duration kept;
    private @Nullable HostProcess process;
    private volatile long usedAt = System.nanoTime();

    /** @param kept how long after the last use; to be made is one */
    SpareHost(ModuleSettings settings, Duration kept) {
        this.settings = settings;
        this.kept = kept;
    }

    void used() {
        usedAt = System.nanoTime();
    }

    /** Starts or ends it, as is due. */
    void fit() {
        if (System.nanoTime() - usedAt > kept.toNanos()) {
            drop();
        } else if (!isReady()) {
            start();
        }
    }

    boolean isReady() {
        return process != null && process.alive();
    }

    private void start() {
        drop();
        try {
            process = HostProcess.start(settings);
        } catch (IOException e) {
            // Then the next host starts from nothing, and says why it cannot.
            process = null;
        }
    }

    /** @return the host that was ready, or one that has just been started */
    HostProcess take() throws IOException {
        HostProcess ready = process;
        if (ready != null && ready.alive()) {
            process = null;
            return ready;
        }
        drop();
        return HostProcess.start(settings);
    }

    void drop() {
        HostProcess unused = process;
        process = null;
        if (unused != null) {
            String ignored = unused.end();
            unused.closeAll();
        }
    }
}
