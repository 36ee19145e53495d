package org.tokend.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A program that opens connections, sends half a request on each and waits. It runs in a process of its own under another
 * executable's name, because the daemon counts connections by program.
 */
final class HalfOpenFlood {
    private static final byte[] HALF = "{\"method\":\"org.tokend.Token.Sta".getBytes(StandardCharsets.UTF_8);

    private HalfOpenFlood() {}

    /** Starts the program; it prints how many of its connections the daemon has ended, when it has ended all. */
    static Process start(Path directory, Path socket, int connections) throws IOException {
        Path home = Path.of(System.getProperty("java.home"));
        Path executable = Files.copy(home.resolve("bin/java"), directory.resolve("flood"));
        ProcessBuilder builder = new ProcessBuilder(
                executable.toString(),
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                HalfOpenFlood.class.getName(),
                socket.toString(),
                Integer.toString(connections));
        // The launcher finds its Java by the place of its library, now that it is not beside it any more.
        builder.environment().put("LD_LIBRARY_PATH", home.resolve("lib").toString());
        return builder.redirectErrorStream(true).start();
    }

    public static void main(String[] arguments) throws IOException {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(arguments[0]);
        int wanted = Integer.parseInt(arguments[1]);
        List<SocketChannel> open = new ArrayList<>();
        int ended = 0;
        for (int i = 0; i < wanted; i++) {
            SocketChannel channel = SocketChannel.open(address);
            open.add(channel);
            if (!send(channel)) {
                ended++;
                open.remove(channel);
                channel.close();
            }
        }
        for (SocketChannel channel : open) {
            awaitEnd(channel);
            ended++;
        }
        System.out.println(ended);
    }

    private static boolean send(SocketChannel channel) {
        try {
            channel.write(ByteBuffer.wrap(HALF));
            return true;
        } catch (IOException e) {
            return false; // turned away at once
        }
    }

    private static void awaitEnd(SocketChannel channel) {
        try (channel) {
            ByteBuffer answer = ByteBuffer.allocate(4096);
            while (channel.read(answer) >= 0) {
                answer.clear();
            }
        } catch (IOException e) {
            if (channel.isOpen()) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
