package org.tokend.pkcs11.application;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.tokend.pkcs11.rpc.ApplicationServer;
import org.tokend.pkcs11.rpc.CallWorkers;
import org.tokend.pkcs11.rpc.Wire;

/** A Unix socket: each connection to it is an application of its own. */
final class ServedApplications implements AutoCloseable {
    private final ApplicationGate gate;
    private final Path path;
    private final ServerSocketChannel listener;
    private final Thread acceptor;
    private final CallWorkers workers = new CallWorkers(32, 64 << 20);
    private final List<Throwable> defects = new CopyOnWriteArrayList<>();

    ServedApplications(ApplicationGate gate, Path directory) throws IOException {
        this.gate = gate;
        path = directory.resolve("pkcs11");
        listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path));
        acceptor = Thread.ofPlatform().start(this::accept);
    }

    String address() {
        return "unix:path=" + path;
    }

    /** What should never be thrown. */
    List<Throwable> defects() {
        return defects;
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel client = listener.accept();
                Thread.ofPlatform().daemon().start(() -> serve(client));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(SocketChannel client) {
        try (ChannelWire wire = new ChannelWire(client);
                Application application = new Application(
                        gate, ApplicationLimits.DEFAULT, new MemoryBudget(ApplicationRig.MEMORY).share("program"));
                ApplicationServer server = new ApplicationServer(wire, application, workers, 5_000, defects::add)) {
            boolean more = true;
            while (more) {
                more = server.serve();
            }
        } catch (IOException e) {
            // The client sees it.
        }
    }

    @Override
    public void close() throws Exception {
        listener.close();
        acceptor.join();
        workers.close();
    }

    private record ChannelWire(SocketChannel channel) implements Wire {
        @Override
        public long read(MemorySegment into) throws IOException {
            return channel.read(into.asByteBuffer());
        }

        @Override
        public void write(MemorySegment from) throws IOException {
            ByteBuffer bytes = from.asByteBuffer();
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }

        @Override
        public void timeout(long millis) {}

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
