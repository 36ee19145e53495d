package org.tokend.pkcs11.rpc;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** What a client of some version writes to a server, and the bodies of the replies. */
final class Conversation {
    static final String HANDSHAKE = "01 00000029 'PRIVATE-GNOME-KEYRING-PKCS11-PROTOCOL-V-1' 00 01 00000001 00";

    private final ByteArrayOutputStream input = new ByteArrayOutputStream();
    private final ScriptedCryptoki module;
    private final int version;
    private int frames;
    private ScriptedWire wire = new ScriptedWire(new byte[0], 1);

    Conversation(ScriptedCryptoki module, int version) {
        this.module = module;
        this.version = version;
        input.write(version);
    }

    /** After C_Initialize. */
    static Conversation of(ScriptedCryptoki module, int version) {
        return new Conversation(module, version).call(1, "ayyay", HANDSHAKE);
    }

    Conversation call(int id, String signature, String arguments) {
        return raw(WireText.frame(0x10 + frames, "client", id, signature, arguments));
    }

    /** A call that is not answered. */
    Conversation left(int id, String signature, String arguments) {
        input.writeBytes(WireText.frame(RpcServer.AFTERWARDS, "client", id, signature, arguments));
        return this;
    }

    Conversation body(String bytes) {
        byte[] body = WireText.bytes(bytes);
        return raw(WireText.bytes("%08x 00000000 %08x %s"
                .formatted(0x10 + frames, body.length, HexFormat.of().formatHex(body))));
    }

    Conversation raw(byte[] bytes) {
        frames++;
        input.writeBytes(bytes);
        return this;
    }

    /** The bodies of all replies, in hexadecimal; that to C_Initialize is the first. */
    List<String> replies() throws IOException {
        wire = new ScriptedWire(input.toByteArray(), Integer.MAX_VALUE);
        new RpcServer(wire, module.cryptoki(), new ReentrantLock(), new AheadSessions()).serve();
        ByteBuffer written = ByteBuffer.wrap(wire.written());
        if (written.get() != Math.min(version, 2)) {
            throw new AssertionError("another version than " + version);
        }
        List<String> bodies = new ArrayList<>();
        while (written.hasRemaining()) {
            int code = written.getInt();
            int options = written.getInt();
            byte[] body = new byte[written.getInt()];
            written.get(body);
            if (code != 0x10 + bodies.size() || options != 0) {
                throw new AssertionError("a reply with code " + code + " and " + options + " bytes of options");
            }
            bodies.add(HexFormat.of().formatHex(body));
        }
        return bodies;
    }

    String lastReply() throws IOException {
        return replies().getLast();
    }

    /** How often the server wrote, the version byte counted. */
    int writes() {
        return wire.writes();
    }

    static String hex(String text) {
        return HexFormat.of().formatHex(WireText.bytes(text));
    }

    static String error(long returnValue) {
        return hex("00000000 00000001 'u' %016x".formatted(returnValue));
    }
}
