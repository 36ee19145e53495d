package org.tokend.client;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.tokend.protocol.Envelope;
import org.tokend.protocol.FrameReader;
import org.tokend.protocol.FrameWriter;
import org.tokend.protocol.MessageCodec;
import org.tokend.protocol.MessageException;
import org.tokend.protocol.Reply;

/** The daemon's end of a Unix socket, doing what a test says. */
public final class ScriptedServer implements AutoCloseable {
    /** One call, and the connection on which it came. */
    public record Call(Envelope envelope, SocketChannel channel) {
        public void reply(Reply reply) throws IOException {
            new FrameWriter(channel, MessageCodec.MAX_REPLY).write(MessageCodec.encodeReply(reply));
        }

        void raw(String bytes) throws IOException {
            channel.write(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.UTF_8)));
        }
    }

    /** What the server does with a call. */
    @FunctionalInterface
    public interface Script {
        void answer(Call call) throws Exception;
    }

    private final Path directory;
    private final Path socket;
    private final ServerSocketChannel listener;
    private final Script script;
    private final List<SocketChannel> connections = new CopyOnWriteArrayList<>();
    private final Queue<Envelope> calls = new ConcurrentLinkedQueue<>();

    public ScriptedServer(Script script) throws IOException {
        this.script = script;
        this.directory = Files.createTempDirectory("tokend-client");
        this.socket = directory.resolve("s");
        this.listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(socket));
        start(this::accept);
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "scripted server");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel channel = listener.accept();
                connections.add(channel);
                start(() -> serve(channel));
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    private void serve(SocketChannel channel) {
        try (channel) {
            FrameReader reader = new FrameReader(channel, MessageCodec.MAX_REQUEST);
            for (byte[] frame = reader.next(); frame != null; frame = reader.next()) {
                answer(frame, channel);
            }
        } catch (Exception e) {
            // Hangs up, as the script wants it.
        } finally {
            connections.remove(channel);
        }
    }

    private void answer(byte[] frame, SocketChannel channel) throws Exception {
        try {
            Envelope envelope = MessageCodec.decodeRequest(frame);
            calls.add(envelope);
            script.answer(new Call(envelope, channel));
        } catch (MessageException e) {
            new FrameWriter(channel, MessageCodec.MAX_REPLY).write(MessageCodec.encodeRefusal(e));
        }
    }

    public Path socket() {
        return socket;
    }

    public List<Envelope> calls() {
        return List.copyOf(calls);
    }

    int open() {
        return connections.size();
    }

    public void hangUp() throws IOException {
        for (SocketChannel channel : connections) {
            channel.close();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        hangUp();
        Files.deleteIfExists(socket);
        Files.deleteIfExists(directory);
    }
}
