package org.tokend.daemon.prompt;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.linux.PipedChild;

/**
 * The client's end of the Assuan protocol over a child's pipes, as much of it as a pinentry needs. What a data line carries
 * goes from locked memory to locked memory.
 */
final class AssuanConnection implements AutoCloseable {
    private final PipedChild child;
    private final AssuanLines lines;
    private final long untilNanos;

    /**
     * @param child is ended with the connection
     * @param limit for the whole conversation
     */
    AssuanConnection(PipedChild child, Duration limit) {
        this.child = child;
        this.lines = new AssuanLines(child);
        this.untilNanos = System.nanoTime() + limit.toNanos();
    }

    /** Reads the line with which every server begins. */
    AssuanReply greeting() throws IOException {
        return reply(null);
    }

    AssuanReply command(String verb, String argument) throws IOException {
        send(AssuanText.command(verb, argument));
        return reply(null);
    }

    AssuanReply command(String verb, List<String> argument) throws IOException {
        send(AssuanText.command(verb, argument));
        return reply(null);
    }

    /** Sends a command whose answer is data, which is decoded into {@code data}. */
    AssuanReply query(String verb, Pin data) throws IOException {
        send((verb + "\n").getBytes(StandardCharsets.US_ASCII));
        return reply(data);
    }

    private void send(byte[] line) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            child.write(arena.allocateFrom(ValueLayout.JAVA_BYTE, line));
        }
    }

    private AssuanReply reply(@Nullable Pin data) throws IOException {
        while (true) {
            try {
                lines.next(untilNanos);
            } catch (SocketTimeoutException e) {
                throw new PromptTimeoutException(e);
            }
            MemorySegment line = lines.segment();
            if (startsWith(line, "D ")) {
                if (data != null) {
                    decode(line.asSlice(2), data);
                }
            } else if (startsWith(line, "OK")) {
                return new AssuanReply.Ok();
            } else if (startsWith(line, "ERR ")) {
                return error(text(line.asSlice(4)));
            } else if (startsWith(line, "INQUIRE")) {
                send("CAN\n".getBytes(StandardCharsets.US_ASCII));
            } else if (!startsWith(line, "S ") && !startsWith(line, "#")) {
                throw new IOException("it sent a line that is not Assuan");
            }
        }
    }

    private static void decode(MemorySegment encoded, Pin into) throws IOException {
        for (long i = 0; i < encoded.byteSize(); i++) {
            byte value = encoded.get(ValueLayout.JAVA_BYTE, i);
            if (value == '%') {
                if (i + 2 >= encoded.byteSize()) {
                    throw new IOException("it sent a broken escape");
                }
                value = (byte) (hexDigit(encoded, i + 1) << 4 | hexDigit(encoded, i + 2));
                i += 2;
            }
            if (!into.append(value)) {
                throw new IOException("what was entered is longer than " + Pin.MAX_BYTES + " bytes");
            }
        }
    }

    private static int hexDigit(MemorySegment text, long at) throws IOException {
        int digit = Character.digit(text.get(ValueLayout.JAVA_BYTE, at), 16);
        if (digit < 0) {
            throw new IOException("it sent a broken escape");
        }
        return digit;
    }

    private static AssuanReply error(String text) {
        int space = text.indexOf(' ');
        String number = space < 0 ? text : text.substring(0, space);
        String words = space < 0 ? "" : text.substring(space + 1);
        try {
            return new AssuanReply.Err(Long.parseLong(number), PromptText.oneLine(words, 200));
        } catch (NumberFormatException e) {
            return new AssuanReply.Err(0, PromptText.oneLine(text, 200));
        }
    }

    private static boolean startsWith(MemorySegment line, String prefix) {
        if (line.byteSize() < prefix.length()) {
            return false;
        }
        for (int i = 0; i < prefix.length(); i++) {
            if (line.get(ValueLayout.JAVA_BYTE, i) != prefix.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Never called on a data line: it may hold a PIN. */
    private static String text(MemorySegment line) {
        return new String(line.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }

    /** Ends the child, from any thread. */
    void kill() {
        child.kill();
    }

    @Override
    public void close() {
        try {
            send("BYE\n".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            // It has gone already.
        }
        child.close();
        lines.close();
    }
}
