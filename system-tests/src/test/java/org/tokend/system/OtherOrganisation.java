package org.tokend.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.tokend.fixtures.daemon.DaemonFixture;
import org.tokend.fixtures.keys.TestCa;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.fixtures.pinentry.PinentryAnswer;
import org.tokend.fixtures.pinentry.ScriptedPinentry;
import org.tokend.fixtures.softhsm.ImportedKey;
import org.tokend.fixtures.softhsm.SoftHsmToken;

/** Where bob@example.net works: a CA of its own, his card, and the daemon that serves it. */
final class OtherOrganisation implements AutoCloseable {
    private final TestCa ca = TestCa.other();
    private final SoftHsmToken token = SoftHsmToken.create("bob's card");
    private final ScriptedPinentry pinentry = ScriptedPinentry.create().always(PinentryAnswer.pin(token.pin()));
    private final DaemonFixture daemon;

    /** The root is the only thing that the first organisation gets, by another way than mail. */
    OtherOrganisation(Path root) throws IOException {
        ImportedKey key = token.importKey(TestKey.P256_A.keyPair(), "bob");
        token.importCertificate(key, ca.mail(key.publicKey(), "bob@example.net"));
        token.importCertificate(ca.issuing(), "issuing", new byte[] {0x7f});
        Files.writeString(root, TestCa.pem(ca.root()));
        this.daemon = DaemonFixture.start(token, pinentry);
    }

    Map<String, String> sockets(DaemonFixture alice) {
        return Map.of("ALICE", alice.socket().toString(), "BOB", daemon.socket().toString());
    }

    @Override
    public void close() {
        try (token;
                pinentry;
                daemon) {
            // Closed in the reverse order.
        }
    }
}
