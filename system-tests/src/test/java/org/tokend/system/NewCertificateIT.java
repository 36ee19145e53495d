package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tokend.client.TokenClient;
import org.tokend.fixtures.keys.TestCa;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.fixtures.pinentry.PinentryAnswer;

@Timeout(120)
class NewCertificateIT {
    private static List<byte[]> certificates(PinRig rig) {
        try (TokenClient client = TokenClient.open(rig.daemon().socket())) {
            return client.listKeys(null).getFirst().certificates();
        }
    }

    @Test
    @DisplayName("A certificate that another program puts beside a key in use is seen without a restart")
    void seen() throws Exception {
        try (PinRig rig = PinRig.start()) {
            rig.pinentry().always(PinentryAnswer.pin(rig.token().pin()));
            rig.sign();
            assertThat(certificates(rig)).isEmpty();
            X509Certificate certificate = TestCa.create().mail(TestKey.P256_A.publicKey(), "alice@example.org");
            String label = TestKey.P256_A.defaultLabel();
            rig.token().importCertificate(certificate, label, label.getBytes(StandardCharsets.UTF_8));

            await().atMost(Duration.ofSeconds(30))
                    .until(() -> !certificates(rig).isEmpty());

            assertThat(certificates(rig)).containsExactly(certificate.getEncoded());
        }
    }
}
