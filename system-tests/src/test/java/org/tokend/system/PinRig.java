package org.tokend.system;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.tokend.client.TokenClient;
import org.tokend.client.TokenClientException;
import org.tokend.fixtures.daemon.DaemonFixture;
import org.tokend.fixtures.daemon.ModuleEntry;
import org.tokend.fixtures.fault.FaultModule;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.fixtures.pinentry.ScriptedPinentry;
import org.tokend.fixtures.softhsm.ImportedKey;
import org.tokend.fixtures.softhsm.SoftHsmToken;
import org.tokend.protocol.Algorithm;
import org.tokend.protocol.Reply;
import org.tokend.protocol.Sign;

/** A token with one P-256 key behind a module that writes down each C_Login, a scripted pinentry, and the daemon. */
final class PinRig implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final SoftHsmToken token = SoftHsmToken.create();
    private final ImportedKey key = token.importKey(TestKey.P256_A);
    private final FaultModule module = FaultModule.over(token);
    private final ScriptedPinentry pinentry = ScriptedPinentry.create();
    private final DaemonFixture daemon;

    private PinRig(Consumer<DaemonFixture.Builder> more) {
        DaemonFixture.Builder builder = DaemonFixture.builder()
                .module(ModuleEntry.of("card", module).with("deadline", "\"10s\""))
                .pinentry(pinentry);
        more.accept(builder);
        daemon = builder.create();
    }

    static PinRig start() {
        return start(builder -> {});
    }

    static PinRig start(Consumer<DaemonFixture.Builder> more) {
        PinRig rig = new PinRig(more);
        rig.daemon.restart();
        return rig;
    }

    /** Everything in place, but the daemon not started: {@link #daemon()} can be. */
    static PinRig prepare(Consumer<DaemonFixture.Builder> more) {
        return new PinRig(more);
    }

    SoftHsmToken token() {
        return token;
    }

    FaultModule module() {
        return module;
    }

    ScriptedPinentry pinentry() {
        return pinentry;
    }

    DaemonFixture daemon() {
        return daemon;
    }

    /** What makes the daemon use a PIN. */
    void sign() {
        sign(null);
    }

    void sign(@Nullable Consumer<Reply.Event> events) {
        try (TokenClient client = TokenClient.open(daemon.socket(), PATIENCE, events)) {
            client.sign(new Sign(key.uri(), Algorithm.ECDSA_SHA256, Sign.Kind.DIGEST, digest(), "a letter"));
        }
    }

    TokenClientException refused() {
        TokenClientException refusal = catchThrowableOfType(TokenClientException.class, this::sign);
        if (refusal == null) {
            throw new AssertionError("the daemon signed");
        }
        return refusal;
    }

    private static byte[] digest() {
        try {
            return MessageDigest.getInstance("SHA-256").digest("letter".getBytes(StandardCharsets.UTF_8));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        daemon.close();
        pinentry.close();
        module.close();
        token.close();
    }
}
