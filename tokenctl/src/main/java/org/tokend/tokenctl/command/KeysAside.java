package org.tokend.tokenctl.command;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.tokend.client.TokenClient;
import org.tokend.protocol.KeyDescription;
import org.tokend.protocol.Sign;
import org.tokend.protocol.UnwrapContentKey;
import org.tokend.smime.certificate.CertifiedKey;
import org.tokend.smime.cms.TokenKeys;

/** The keys of tokend, to which a thread of its own connects and which it asks for them while the mail is looked through. */
final class KeysAside implements TokenKeys, AutoCloseable {

    private record Connected(TokenClient client, List<KeyDescription> keys) {}

    private final FutureTask<Connected> connecting;

    KeysAside(RootCommand root) {
        connecting = new FutureTask<>(() -> connect(root));
        Thread.ofPlatform().daemon().name("connecting").start(connecting);
    }

    private static Connected connect(RootCommand root) {
        TokenClient client = root.connect();
        try {
            List<KeyDescription> keys = client.listKeys(null);
            // Read here for the first time, so that the JVM knows how when it matters.
            Optional<CertifiedKey> ignored = CertifiedKey.stream(keys).findFirst();
            return new Connected(client, keys);
        } catch (RuntimeException | Error failure) {
            client.close();
            throw failure;
        }
    }

    private Connected connected() {
        try {
            return connecting.get();
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof RuntimeException known) {
                throw known;
            }
            if (failure.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException("tokend could not be asked: " + failure.getCause(), failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while tokend was asked for keys", interrupted);
        }
    }

    @Override
    public List<KeyDescription> list() {
        return connected().keys();
    }

    @Override
    public byte[] sign(Sign request) {
        return connected().client().sign(request);
    }

    @Override
    public byte[] unwrapContentKey(UnwrapContentKey request) {
        return connected().client().unwrapContentKey(request);
    }

    /** Does not wait: a connection that is still being made ends with the process. */
    @Override
    public void close() {
        if (connecting.state() == Future.State.SUCCESS) {
            connecting.resultNow().client().close();
        }
    }
}
