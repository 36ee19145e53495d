package org.tokend.smime.testing;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What a CA publishes, on the loopback interface, with a count of who asked; and an address that never answers. */
public final class WebServer implements AutoCloseable {

    private final HttpServer server;
    private final ServerSocket blackHole;
    private final Map<String, byte[]> documents = new ConcurrentHashMap<>();
    private final AtomicInteger requests = new AtomicInteger();
    private volatile @Nullable UnaryOperator<byte[]> responder;

    public WebServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            byte[] question = exchange.getRequestBody().readAllBytes();
            UnaryOperator<byte[]> own = responder;
            byte[] answer = exchange.getRequestMethod().equals("POST") && own != null
                    ? own.apply(question)
                    : documents.get(exchange.getRequestURI().getPath());
            exchange.sendResponseHeaders(answer == null ? 404 : 200, answer == null ? -1 : answer.length);
            try (OutputStream out = exchange.getResponseBody()) {
                if (answer != null) {
                    out.write(answer);
                }
            }
        });
        server.start();
        // The kernel takes the connection, and nobody ever reads from it.
        blackHole = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    public String publish(String path, byte[] document) {
        documents.put(path, document);
        return url(path);
    }

    public String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    public String blackHole() {
        return "http://127.0.0.1:" + blackHole.getLocalPort() + "/never";
    }

    public void answerPosts(UnaryOperator<byte[]> how) {
        responder = how;
    }

    public int requests() {
        return requests.get();
    }

    @Override
    public void close() throws IOException {
        server.stop(0);
        blackHole.close();
    }
}
