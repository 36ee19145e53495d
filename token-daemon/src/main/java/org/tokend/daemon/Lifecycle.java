package org.tokend.daemon;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tokend.daemon.audit.AuditEntry;
import org.tokend.daemon.token.TokenDirectory;
import org.tokend.daemon.transport.UnixListener;
import org.tokend.pkcs11.TokenState;
import org.tokend.pkcs11.token.Token;
import sun.misc.Signal;

/** Start, ready, drain, stop. */
final class Lifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Lifecycle.class);
    private static final Duration TICK = Duration.ofSeconds(1);
    /** While nobody is connected who would notice. A machine that slept is found out by then. */
    private static final Duration SLOW_TICK = Duration.ofSeconds(5);

    private static final Duration SHORTEST_TICK = Duration.ofMillis(500);
    /** For logging out and ending the modules: those that hang are killed with us. */
    private static final Duration LONGEST_STOP = Duration.ofSeconds(2);

    private final Service service;
    private final UnixListener listener;
    private final ApplicationSocket applications;
    private final SystemdNotifier systemd;
    private final Duration drain;
    private final CountDownLatch stop = new CountDownLatch(1);

    /** Both sockets are served before the modules are there, so that clients can wait for these. */
    Lifecycle(
            Service service,
            UnixListener listener,
            ApplicationSocket applications,
            SystemdNotifier systemd,
            Duration drain) {
        this.service = service;
        this.listener = listener;
        this.applications = applications;
        this.systemd = systemd;
        this.drain = drain;
    }

    /** Returns when SIGTERM or SIGINT has come and all is ended. */
    void run(String socket) throws IOException, InterruptedException {
        Signal.handle(new Signal("TERM"), signal -> stop.countDown());
        Signal.handle(new Signal("INT"), signal -> stop.countDown());
        service.audit().record(AuditEntry.ofDaemon(AuditEntry.Event.START), false);
        TokenDirectory directory = service.directory();
        listener.start(directory::freshen);
        applications.start(directory::freshen);
        directory.start(this::anybodyConnected);
        systemd.ready("listening on " + socket);
        LOG.info(
                "state=ready socket=\"{}\" pid={}",
                socket,
                ProcessHandle.current().pid());
        while (!stop.await(untilTick().toMillis(), TimeUnit.MILLISECONDS)) {
            tick();
        }
        drainAndStop();
    }

    private boolean anybodyConnected() {
        return listener.connections() + applications.connections() > 0;
    }

    private Duration untilTick() {
        Duration longest = anybodyConnected() ? TICK : SLOW_TICK;
        Duration end = service.unlock().untilFirstEnd().orElse(longest).plus(SHORTEST_TICK);
        return end.compareTo(longest) < 0 ? end : longest;
    }

    private void tick() {
        try {
            service.unlock().tick();
        } catch (RuntimeException e) {
            LOG.error("tick=failed", e);
        }
    }

    private void drainAndStop() throws IOException, InterruptedException {
        LOG.info("state=stopping");
        systemd.stopping();
        // Who waits for a token to come must not hold up the end.
        service.slots().close();
        drainAll();
        listener.close();
        Thread ending = Thread.ofPlatform().name("stop").daemon().start(this::letGo);
        if (!ending.join(LONGEST_STOP)) {
            LOG.warn("stop=incomplete after={}ms", LONGEST_STOP.toMillis());
        }
        service.audit().record(AuditEntry.ofDaemon(AuditEntry.Event.STOP), false);
        service.audit().close();
        systemd.close();
        LOG.info("state=stopped");
    }

    /** Both at once: each may take as long as is allowed. */
    private void drainAll() throws InterruptedException {
        Thread other = Thread.ofPlatform().name("drain").daemon().start(this::endApplications);
        listener.drain(drain);
        other.join();
    }

    private void endApplications() {
        try {
            applications.stop(drain, systemd);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("applications=left because of a defect", e);
        }
    }

    private void letGo() {
        for (Token token : service.directory().tokens()) {
            if (token.state() instanceof TokenState.LoggedIn) {
                service.unlock().lock(token);
            }
        }
        service.unlock().close();
        service.secrets().close();
        service.directory().close();
    }
}
