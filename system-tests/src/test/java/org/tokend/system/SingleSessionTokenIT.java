package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tokend.fixtures.daemon.DaemonFixture;

@Timeout(180)
class SingleSessionTokenIT {
    private static final int CLIENTS = 16;
    private static final int EACH = 20;

    @Test
    @DisplayName("A token that allows one session serves sixteen programs, one after the other")
    void oneSession() throws Exception {
        try (UnattendedToken token = UnattendedToken.create("single")) {
            token.faults().maxSessions(1);
            DaemonFixture.Builder builder = DaemonFixture.builder();
            token.addTo(builder);
            try (DaemonFixture daemon = builder.start();
                    SigningClients clients = new SigningClients(daemon.socket(), token.key(), CLIENTS)) {
                clients.start(CLIENTS, EACH).finish();
                assertThat(clients.signed()).isEqualTo(CLIENTS * EACH);
                assertThat(clients.retryableErrors()).isEmpty();
            }
        }
    }

    @Test
    @DisplayName("A module without locks is never called by two threads at once")
    void noLocks() throws Exception {
        try (UnattendedToken token = UnattendedToken.create("lockless")) {
            token.faults().cannotLock().abortOnConcurrentEntry();
            DaemonFixture.Builder builder = DaemonFixture.builder();
            token.addTo(builder);
            try (DaemonFixture daemon = builder.start();
                    SigningClients clients = new SigningClients(daemon.socket(), token.key(), CLIENTS)) {
                clients.start(CLIENTS, EACH).finish();
                assertThat(clients.signed()).isEqualTo(CLIENTS * EACH);
                assertThat(clients.retryableErrors()).isEmpty();
            }
        }
    }
}
