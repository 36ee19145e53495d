package org.tokend.pkcs11.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.fixtures.softhsm.SoftHsmToken;
import org.tokend.pkcs11.cryptoki.IaikCryptoki;

/** The distribution's own p11-kit-client.so, loaded by pkcs11-tool, against our server over SoftHSM. */
class StockClientTest {
    private final SoftHsmToken token = SoftHsmToken.create("stock");

    @TempDir
    Path directory;

    private IaikCryptoki module;
    private ServerSocketChannel listener;
    private Thread acceptor;

    @BeforeEach
    void listen() throws Exception {
        module = token.inEnvironment(() -> IaikCryptoki.open(token.modulePath(), null));
        listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(directory.resolve("pkcs11")));
        acceptor = Thread.ofPlatform().start(this::accept);
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
        try (ChannelWire wire = new ChannelWire(client)) {
            new RpcServer(wire, module, new ReentrantLock(), new AheadSessions()).serve();
        } catch (IOException e) {
            // The client sees it.
        }
    }

    @AfterEach
    void close() throws Exception {
        listener.close();
        acceptor.join();
        module.close();
        token.close();
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
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    private static Path stockClient() throws IOException {
        try (Stream<Path> libraries =
                Files.find(Path.of("/usr/lib"), 3, (path, attributes) -> path.endsWith("pkcs11/p11-kit-client.so"))) {
            return libraries
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no p11-kit-client.so: install the package p11-kit-modules"));
        }
    }

    private String tool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(
                List.of("pkcs11-tool", "--module", stockClient().toString(), "--token-label", token.label()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("P11_KIT_SERVER_ADDRESS", "unix:path=" + directory.resolve("pkcs11"));
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    @Test
    @DisplayName("finds the token, its mechanisms and its keys with all their attributes")
    void lists() throws Exception {
        token.importKey(newKey(), "signing");
        String pin = new String(token.pin());
        assertThat(tool("--list-token-slots")).contains("stock").contains(token.serial());
        assertThat(tool("--list-mechanisms")).contains("SHA256-RSA-PKCS").contains("ECDSA");
        assertThat(tool("--login", "--pin", pin, "--list-objects"))
                .contains("Private Key Object; RSA")
                .contains("label:      signing");
    }

    @Test
    @DisplayName("signs")
    void signs() throws Exception {
        KeyPair key = newKey();
        token.importKey(key, "signing");
        Path message = Files.write(directory.resolve("message"), new byte[] {1, 2, 3});
        Path signature = directory.resolve("signature");
        tool(
                "--login",
                "--pin",
                new String(token.pin()),
                "--sign",
                "--mechanism",
                "SHA256-RSA-PKCS",
                "--label",
                "signing",
                "--input-file",
                message.toString(),
                "--output-file",
                signature.toString());
        Signature verifier = Signature.getInstance("SHA256withRSA");
        verifier.initVerify(key.getPublic());
        verifier.update(new byte[] {1, 2, 3});
        assertThat(verifier.verify(Files.readAllBytes(signature))).isTrue();
    }

    private static KeyPair newKey() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return generator.generateKeyPair();
    }
}
