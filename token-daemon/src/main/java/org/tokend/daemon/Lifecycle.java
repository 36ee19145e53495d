package org.tokend.daemon;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tokend.daemon.audit.AuditEntry;
import org.tokend.daemon.audit.AuditLog;
import org.tokend.daemon.rejection.RejectionSecrets;
import org.tokend.daemon.token.TokenDirectory;
import org.tokend.daemon.transport.UnixListener;
import org.tokend.daemon.unlock.PromptedUnlock;
import org.tokend.pkcs11.TokenState;
import org.tokend.pkcs11.token.Token;
import sun.misc.Signal;

/** Start, ready, drain, stop. */
final class Lifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Lifecycle.class);
    private static final Duration TICK = Duration.ofSeconds(1);
    /** For logging out and ending the modules: those that hang are killed with us. */
    private static final Duration LONGEST_STOP = Duration.ofSeconds(2);

    private final Parts parts;
    private final Duration drain;
    private final CountDownLatch stop = new CountDownLatch(1);

    Lifecycle(Parts parts, Duration drain) {
        this.parts = parts;
        this.drain = drain;
    }

    /** What has to be started and stopped, in this order and its reverse. */
    record Parts(
            AuditLog audit,
            TokenDirectory directory,
            PromptedUnlock unlock,
            RejectionSecrets secrets,
            UnixListener listener,
            SystemdNotifier systemd) {}

    /** Returns when SIGTERM or SIGINT has come and all is ended. */
    void run(String socket) throws IOException, InterruptedException {
        Signal.handle(new Signal("TERM"), signal -> stop.countDown());
        Signal.handle(new Signal("INT"), signal -> stop.countDown());
        parts.audit.record(AuditEntry.ofDaemon(AuditEntry.Event.START), false);
        parts.listener.start();
        parts.directory.start();
        parts.systemd.ready("listening on " + socket);
        LOG.info(
                "state=ready socket=\"{}\" pid={}",
                socket,
                ProcessHandle.current().pid());
        while (!stop.await(TICK.toMillis(), TimeUnit.MILLISECONDS)) {
            tick();
        }
        drainAndStop();
    }

    private void tick() {
        try {
            parts.unlock.tick();
        } catch (RuntimeException e) {
            LOG.error("tick=failed", e);
        }
    }

    private void drainAndStop() throws IOException, InterruptedException {
        LOG.info("state=stopping");
        parts.systemd.stopping();
        parts.listener.drain(drain);
        parts.listener.close();
        Thread ending = Thread.ofPlatform().name("stop").daemon().start(this::letGo);
        if (!ending.join(LONGEST_STOP)) {
            LOG.warn("stop=incomplete after={}ms", LONGEST_STOP.toMillis());
        }
        parts.audit.record(AuditEntry.ofDaemon(AuditEntry.Event.STOP), false);
        parts.audit.close();
        parts.systemd.close();
        LOG.info("state=stopped");
    }

    private void letGo() {
        for (Token token : parts.directory.tokens()) {
            if (token.state() instanceof TokenState.LoggedIn) {
                parts.unlock.lock(token);
            }
        }
        parts.unlock.close();
        parts.secrets.close();
        parts.directory.close();
    }
}
