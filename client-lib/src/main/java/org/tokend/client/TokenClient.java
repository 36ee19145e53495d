package org.tokend.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.tokend.protocol.Agree;
import org.tokend.protocol.CloseOccasion;
import org.tokend.protocol.Decrypt;
import org.tokend.protocol.DeleteKey;
import org.tokend.protocol.DescribeProtection;
import org.tokend.protocol.Envelope;
import org.tokend.protocol.ErrorCode;
import org.tokend.protocol.ExportKey;
import org.tokend.protocol.FrameException;
import org.tokend.protocol.FrameReader;
import org.tokend.protocol.FrameWriter;
import org.tokend.protocol.GetInfo;
import org.tokend.protocol.GetInterfaceDescription;
import org.tokend.protocol.KeyDescription;
import org.tokend.protocol.ListKeys;
import org.tokend.protocol.ListTokens;
import org.tokend.protocol.Lock;
import org.tokend.protocol.MessageCodec;
import org.tokend.protocol.MessageException;
import org.tokend.protocol.OpenOccasion;
import org.tokend.protocol.ProvisionRequest;
import org.tokend.protocol.Reply;
import org.tokend.protocol.Request;
import org.tokend.protocol.Sign;
import org.tokend.protocol.Status;
import org.tokend.protocol.TokenDescription;
import org.tokend.protocol.Unlock;
import org.tokend.protocol.UnwrapContentKey;
import org.tokend.protocol.Watch;

/**
 * One connection to tokend. Threads may share it; their calls are made one after another. Every method throws
 * {@link TokenClientException} when tokend refuses, fails or does not answer in time. After
 * {@link TokenClientException.ConnectionLost} the client is of no more use and a new one is to be opened.
 */
public final class TokenClient implements AutoCloseable {
    /** Longer than a person is given for a PIN, for whom a silent client would otherwise be too quick. */
    public static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final Duration FOREVER = Duration.ofDays(36_500);

    private final ReentrantLock oneAtATime = new ReentrantLock();
    private final Connection connection;
    private final FrameReader reader;
    private final FrameWriter writer;
    private final Duration patience;
    private final @Nullable Consumer<Reply.Event> events;

    private TokenClient(Connection connection, Duration patience, @Nullable Consumer<Reply.Event> events) {
        this.connection = connection;
        this.reader = new FrameReader(connection, MessageCodec.MAX_REPLY);
        this.writer = new FrameWriter(connection, MessageCodec.MAX_REQUEST);
        this.patience = patience;
        this.events = events;
    }

    /** @param socket see {@link SocketPath#find(String)} */
    public static TokenClient open(Path socket) {
        return open(socket, PATIENCE, null);
    }

    /**
     * @param patience longest time to wait for an answer, or for the next event before it
     * @param events told what a call waits for, such as a PIN, in the thread of the call; may be null
     */
    public static TokenClient open(Path socket, Duration patience, @Nullable Consumer<Reply.Event> events) {
        return new TokenClient(Connection.open(socket, patience), patience, events);
    }

    public List<TokenDescription> listTokens() {
        return call(new ListTokens(), Reply.Tokens.class).tokens();
    }

    /** @param token URI of the token, or null for all */
    public List<KeyDescription> listKeys(@Nullable String token) {
        return call(new ListKeys(token, null), Reply.Keys.class).keys();
    }

    /** @param key URI or fingerprint; more than one key may fit it, and one key may be on several tokens */
    public List<KeyDescription> findKeys(String key) {
        return call(new ListKeys(null, key), Reply.Keys.class).keys();
    }

    public byte[] sign(Sign request) {
        return call(request, Reply.Signature.class).signature();
    }

    public byte[] decrypt(Decrypt request) {
        return call(request, Reply.Plaintext.class).plaintext();
    }

    public byte[] unwrapContentKey(UnwrapContentKey request) {
        return call(request, Reply.ContentKey.class).contentKey();
    }

    public byte[] agree(Agree request) {
        return call(request, Reply.SharedSecret.class).sharedSecret();
    }

    /** @return the one key, or for ImportCertificates those that now have a certificate */
    public List<KeyDescription> provision(ProvisionRequest request) {
        return call(request, Reply.Keys.class).keys();
    }

    /** @return PFX, DER */
    public byte[] export(ExportKey request) {
        return call(request, Reply.Pkcs12.class).pkcs12();
    }

    public void delete(DeleteKey request) {
        call(request, Reply.Done.class);
    }

    /** @param key URI or fingerprint */
    public Reply.Protection protection(String key) {
        return call(new DescribeProtection(key), Reply.Protection.class);
    }

    public void unlock(String token) {
        call(new Unlock(token), Reply.Done.class);
    }

    public void openOccasion(OpenOccasion request) {
        call(request, Reply.Done.class);
    }

    /** @param key URI or fingerprint */
    public void closeOccasion(String key) {
        call(new CloseOccasion(key), Reply.Done.class);
    }

    /** @param token URI of the token, or null for all */
    public void lock(@Nullable String token) {
        call(new Lock(token), Reply.Done.class);
    }

    public Reply.StatusReport status() {
        return call(new Status(), Reply.StatusReport.class);
    }

    public Reply.ServiceInfo serviceInfo() {
        return call(new GetInfo(), Reply.ServiceInfo.class);
    }

    public String interfaceDescription(String interfaceName) {
        return call(new GetInterfaceDescription(interfaceName), Reply.InterfaceDescription.class)
                .description();
    }

    /** Hands over what happens to the tokens until this client is closed, by the listener or another thread. */
    public void watch(Consumer<Reply.Event> listener) {
        oneAtATime.lock();
        try {
            exchange(new Envelope(new Watch(), true, false), FOREVER, listener);
        } catch (TokenClientException.ConnectionLost e) {
            if (connection.isOpen() || !(e.getCause() instanceof ClosedChannelException)) {
                throw e;
            }
        } finally {
            oneAtATime.unlock();
        }
    }

    /** Any request, answered by the reply that its documentation names. */
    public Reply call(Request request) {
        oneAtATime.lock();
        try {
            // A list of keys may be longer than one answer, and takes less memory in several.
            boolean more = events != null || request instanceof ListKeys;
            Reply reply = exchange(new Envelope(request, more, false), patience, events == null ? event -> {} : events);
            if (reply instanceof Reply.Failure failure) {
                throw new TokenClientException(failure.code(), failure.message());
            }
            return reply;
        } finally {
            oneAtATime.unlock();
        }
    }

    private <R extends Reply> R call(Request request, Class<R> answer) {
        return answer.cast(call(request));
    }

    private Reply exchange(Envelope envelope, Duration waiting, Consumer<Reply.Event> listener) {
        byte[] frame = MessageCodec.encodeRequest(envelope);
        if (frame.length >= MessageCodec.MAX_REQUEST) {
            throw new TokenClientException(
                    ErrorCode.FRAME_TOO_LARGE, "The request is longer than " + MessageCodec.MAX_REQUEST + " bytes");
        }
        boolean whole = false;
        try {
            send(frame);
            List<KeyDescription> listed = new ArrayList<>();
            Reply reply = receive(envelope.request(), waiting);
            while (reply instanceof Reply.Event || reply instanceof Reply.SomeKeys) {
                if (reply instanceof Reply.Event event) {
                    listener.accept(event);
                } else if (reply instanceof Reply.SomeKeys some) {
                    listed.addAll(some.keys());
                }
                reply = receive(envelope.request(), waiting);
            }
            whole = true;
            if (reply instanceof Reply.Keys last && !listed.isEmpty()) {
                listed.addAll(last.keys());
                return new Reply.Keys(listed);
            }
            return reply;
        } catch (MessageException e) {
            throw new TokenClientException.ConnectionLost(
                    ErrorCode.INTERNAL, "tokend answered what is no reply to this call: " + e.getMessage(), e);
        } catch (IOException e) {
            throw lost(e);
        } finally {
            if (!whole) {
                // The answer may still come, and would be taken for the answer to the next call.
                close();
            }
        }
    }

    private void send(byte[] frame) throws IOException {
        connection.deadlineIn(patience);
        try {
            writer.write(frame);
        } catch (FrameException | ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            // Broken pipe: tokend may have said why before it hung up, so what is there to read counts for more.
            if (!connection.isOpen()) {
                throw e;
            }
        }
    }

    private Reply receive(Request request, Duration waiting) throws IOException, MessageException {
        connection.deadlineIn(waiting);
        byte[] frame = reader.next();
        if (frame == null) {
            throw new EOFException("end of stream");
        }
        return MessageCodec.decodeReply(request, frame);
    }

    private TokenClientException.ConnectionLost lost(IOException e) {
        if (e instanceof FrameException.TooSlow) {
            return new TokenClientException.ConnectionLost(
                    ErrorCode.TIMEOUT, "tokend did not answer within " + patience.toSeconds() + " s", e);
        } else if (e instanceof FrameException.TooLarge) {
            return new TokenClientException.ConnectionLost(
                    ErrorCode.INTERNAL, "tokend's answer is longer than " + MessageCodec.MAX_REPLY + " bytes", e);
        } else if (e instanceof ClosedByInterruptException) {
            return new TokenClientException.ConnectionLost(
                    ErrorCode.TIMEOUT, "The thread was interrupted while tokend worked; the connection is closed", e);
        } else if (e instanceof ClosedChannelException) {
            return new TokenClientException.ConnectionLost(
                    ErrorCode.SHUTTING_DOWN, "The connection to tokend was closed; open a new one", e);
        }
        return new TokenClientException.ConnectionLost(
                ErrorCode.SHUTTING_DOWN,
                "tokend ended the connection before it answered; it may be going down, or not serve this user",
                e);
    }

    /** From any thread, also while a call runs, which then ends with {@link TokenClientException.ConnectionLost}. */
    @Override
    public void close() {
        try {
            connection.close();
        } catch (IOException e) {
            throw new UncheckedIOException("The connection to tokend cannot be closed", e);
        }
    }
}
