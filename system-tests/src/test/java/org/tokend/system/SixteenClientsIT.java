package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tokend.fixtures.daemon.DaemonFixture;

@Timeout(180)
class SixteenClientsIT {
    private static final int CLIENTS = 16;
    private static final int EACH = 50;

    @Test
    @DisplayName("Sixteen programs sign at once on one token, and none is refused")
    void sixteen() throws Exception {
        try (UnattendedToken token = UnattendedToken.create("shared")) {
            DaemonFixture.Builder builder = DaemonFixture.builder();
            token.addTo(builder);
            try (DaemonFixture daemon = builder.start();
                    SigningClients clients = new SigningClients(daemon.socket(), token.key(), CLIENTS)) {
                clients.start(CLIENTS, EACH).finish();
                assertThat(clients.signed()).isEqualTo(CLIENTS * EACH);
                assertThat(clients.retryableErrors()).isEmpty();
                assertThat(ModuleHosts.started(daemon, "shared")).hasSize(1);
            }
        }
    }
}
