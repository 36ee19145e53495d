package org.tokend.pkcs11.rpc;

import static org.tokend.pkcs11.application.SampleApplication.DATA;
import static org.tokend.pkcs11.application.SampleApplication.EC_PRIVATE;
import static org.tokend.pkcs11.application.SampleApplication.EC_PUBLIC;
import static org.tokend.pkcs11.application.SampleApplication.RSA_PRIVATE;
import static org.tokend.pkcs11.application.SampleApplication.RSA_PUBLIC;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Calls to begin with: each of the protocol with arguments that can be read, and those that belong together, as the clients of
 * each version write them. Arguments are in the writing of {@link WireText}.
 */
final class FrameSeeds {
    /** Before each call: its id, then its arguments. So bytes can be put in and taken out anywhere. */
    static final byte[] CALL = "CALL".getBytes(StandardCharsets.US_ASCII);

    private static final String SESSION = "0000000000000001 ";
    private static final String TEMPLATE = "00000003 00000000 01 00000008 0000000000000000 "
            + "00000003 01 00000002 00000002 6869 00000001 01 00000001 00 ";
    private static final String NESTED = "00000001 40000211 01 00000018 00000001 00000001 01 00000001 01 ";
    private static final String HASH = "01 00000020 '0123456789abcdef0123456789abcdef' ";
    private static final String ROOM = "00000200 ";
    private static final String POINT = "00000041 04 6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296 "
            + "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5 ";

    /** Calls in one seed. */
    private static final int SOME = 6;

    private final int version;
    private final boolean manages;
    private final ByteArrayOutputStream calls = new ByteArrayOutputStream();

    private FrameSeeds(int version, boolean manages) {
        this.version = version;
        this.manages = manages;
    }

    /** @return what {@link FramePlay} takes */
    static List<byte[]> all() {
        List<byte[]> all = new ArrayList<>();
        for (int version = 0; version <= Dialect.NEWEST_VERSION; version++) {
            for (int id = 1; id <= Call.values().length; id += SOME) {
                all.add(someCalls(id, version));
            }
            for (boolean manages : new boolean[] {false, true}) {
                all.addAll(new Together(version, manages).all());
            }
        }
        return all;
    }

    private static byte[] someCalls(int first, int version) {
        FrameSeeds seeds = new FrameSeeds(version, version == 1);
        for (int id = first; id < first + SOME; id++) {
            Call call = Call.ofId(id);
            if (call != null) {
                seeds.call(id, arguments(call, version));
            }
        }
        return seeds.seed();
    }

    private static String arguments(Call call, int version) {
        StringBuilder arguments = new StringBuilder();
        for (String part : CallShape.parts(call.request())) {
            arguments.append(
                    switch (part) {
                        case "y" -> "00 ";
                        case "u" -> arguments.isEmpty() ? SESSION : "%016x ".formatted(RSA_PRIVATE);
                        case "fu" -> "00000010 ";
                        case "fy" -> ROOM;
                        case "fA" -> "00000002 00000000 00000008 00000003 00000000 ";
                        case "ay" -> "01 00000003 abcdef ";
                        case "z" -> "00000005 'label' ";
                        case "s" -> "00000020 'label'*32 ";
                        case "aA" -> TEMPLATE;
                        case "M" -> version == 2 ? "00000250 " : "00000250 ffffffff ";
                        default -> throw new AssertionError(part);
                    });
        }
        return arguments.toString();
    }

    private FrameSeeds call(int id, String arguments) {
        calls.writeBytes(CALL);
        calls.write(id);
        calls.writeBytes(WireText.bytes(arguments));
        return this;
    }

    private byte[] seed() {
        ByteArrayOutputStream seed = new ByteArrayOutputStream();
        seed.write(FramePlay.kind(version, manages, false));
        seed.writeBytes(calls.toByteArray());
        return seed.toByteArray();
    }

    /** Bytes as they come through the socket. */
    static byte[] stream(int version, byte[] frames) {
        ByteArrayOutputStream seed = new ByteArrayOutputStream();
        seed.write(FramePlay.kind(version, false, true));
        seed.writeBytes(frames);
        return seed.toByteArray();
    }

    /** Calls that only make sense one behind the other. */
    private record Together(int version, boolean manages) {
        private FrameSeeds start() {
            return new FrameSeeds(version, manages);
        }

        private static String object(long handle) {
            return "%016x ".formatted(handle);
        }

        private String plain(int mechanism) {
            return "%08x ".formatted(mechanism) + (version == 2 ? "" : "ffffffff ");
        }

        /** Of a mechanism that has one always. */
        private String parameter(int mechanism, String parameter) {
            return "%08x ".formatted(mechanism) + (version == 2 ? "01 " : "") + parameter;
        }

        private String pss() {
            return parameter(0xd, "0000000000000250 0000000000000002 0000000000000020 ");
        }

        List<byte[]> all() {
            return List.of(
                    signing().seed(),
                    verifying().seed(),
                    decrypting().seed(),
                    hashing().seed(),
                    searching().seed(),
                    attributes().seed(),
                    objects().seed(),
                    deriving().seed(),
                    keys().seed(),
                    lives().seed());
        }

        private FrameSeeds signing() {
            return start().call(42, SESSION + plain(0x1041) + object(EC_PRIVATE))
                    .call(43, SESSION + HASH + "00000000")
                    .call(43, SESSION + HASH + ROOM)
                    .call(42, SESSION + pss() + object(RSA_PRIVATE))
                    .call(43, SESSION + HASH + ROOM)
                    .call(42, SESSION + plain(0x40) + object(RSA_PRIVATE))
                    .call(44, SESSION + HASH)
                    .call(45, SESSION + "ffffffff")
                    .call(45, SESSION + ROOM);
        }

        private FrameSeeds verifying() {
            String signature = "01 00000040 '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef' ";
            return start().call(48, SESSION + plain(0x1041) + object(EC_PUBLIC))
                    .call(49, SESSION + HASH + signature)
                    .call(48, SESSION + plain(0x1044) + object(EC_PUBLIC))
                    .call(50, SESSION + HASH)
                    .call(51, SESSION + signature)
                    .call(48, SESSION + pss() + object(RSA_PUBLIC))
                    .call(49, SESSION + HASH + "01 00000100 '0123456789abcdef'*256");
        }

        private FrameSeeds decrypting() {
            return start().call(29, SESSION + plain(1) + object(RSA_PUBLIC))
                    .call(30, SESSION + HASH + ROOM)
                    .call(33, SESSION + plain(1) + object(RSA_PRIVATE))
                    .call(34, SESSION + "01 00000100 '0123456789abcdef'*256 " + ROOM)
                    .call(
                            33,
                            SESSION
                                    + parameter(9, "0000000000000250 0000000000000002 0000000000000001 ffffffff ")
                                    + object(RSA_PRIVATE))
                    .call(35, SESSION + HASH + ROOM)
                    .call(36, SESSION + ROOM);
        }

        private FrameSeeds hashing() {
            return start().call(37, SESSION + plain(0x250))
                    .call(39, SESSION + HASH)
                    .call(41, SESSION + "00000000")
                    .call(41, SESSION + ROOM)
                    .call(37, SESSION + plain(0x220))
                    .call(38, SESSION + HASH + ROOM)
                    .call(63, SESSION + HASH)
                    .call(64, SESSION + "00000010");
        }

        private FrameSeeds searching() {
            return start().call(26, SESSION + "00000001 00000000 01 00000008 0000000000000003 ")
                    .call(27, SESSION + "00000010")
                    .call(28, SESSION)
                    .call(26, SESSION + "00000001 00000102 01 00000001 00000001 01")
                    .call(27, SESSION + "00000001")
                    .call(26, SESSION + NESTED)
                    .call(65, "0000000000000001");
        }

        private FrameSeeds attributes() {
            return start().call(
                            24,
                            SESSION + object(RSA_PUBLIC)
                                    + "00000004 00000000 00000008 00000120 00000100 00000102 00000000 00000100 00000004")
                    .call(
                            24,
                            SESSION + object(RSA_PRIVATE)
                                    + "00000002 40000211 00000018 00000001 00000001 00000001 00000003 00000010")
                    .call(24, SESSION + object(RSA_PRIVATE) + "00000002 40000211 00000000 00000000 00000003 00000010")
                    .call(25, SESSION + object(DATA) + "00000001 00000003 01 00000002 00000002 6869")
                    .call(23, SESSION + object(DATA));
        }

        private FrameSeeds objects() {
            return start().call(20, SESSION + TEMPLATE)
                    .call(
                            20,
                            SESSION + "00000004 00000000 01 00000008 0000000000000004 00000100 01 00000008 "
                                    + "0000000000000010 00000011 01 00000004 00000004 abcdabcd 40000600 01 00000008 "
                                    + "00000001 0000000000000250")
                    .call(20, SESSION + NESTED)
                    .call(
                            20,
                            SESSION + "00000004 00000000 01 00000008 0000000000000002 00000100 01 00000008 "
                                    + "0000000000000003 00000180 01 0000000a 0000000a 06082a8648ce3d030107 00000181 01 "
                                    + "00000043 00000043 0441 " + POINT.substring(9))
                    .call(48, SESSION + plain(0x1041) + object(7))
                    .call(21, SESSION + object(DATA) + "00000001 00000003 01 00000002 00000002 6869")
                    .call(22, SESSION + object(DATA));
        }

        private FrameSeeds deriving() {
            String template = "00000003 00000000 01 00000008 0000000000000004 00000100 01 00000008 "
                    + "0000000000000010 00000161 01 00000008 0000000000000010 ";
            String ecdh = parameter(0x1050, "0000000000000001 ffffffff " + POINT);
            return start().call(62, SESSION + ecdh + object(EC_PRIVATE) + template)
                    .call(89, SESSION + ecdh + object(EC_PRIVATE) + template);
        }

        private FrameSeeds keys() {
            String iv = parameter(0x1085, "00000010 '0123456789abcdef' ");
            return start().call(59, SESSION + plain(0x1040) + TEMPLATE + TEMPLATE)
                    .call(58, SESSION + plain(0x1080) + TEMPLATE)
                    .call(60, SESSION + iv + object(RSA_PUBLIC) + object(EC_PRIVATE) + ROOM)
                    .call(61, SESSION + iv + object(RSA_PRIVATE) + HASH + TEMPLATE)
                    .call(42, SESSION + parameter(0x1086, "0000000000000080 00000010 '0123456789abcdef' ") + object(4))
                    .call(
                            42,
                            SESSION
                                    + parameter(0x1087, "00000002 abcd 0000000000000010 ffffffff 0000000000000080 ")
                                    + object(4))
                    .call(42, SESSION + parameter(0x252, "0000000000000008 ") + object(4))
                    .call(42, SESSION + "ffffffff " + object(4));
        }

        private FrameSeeds lives() {
            return start().call(10, "0000000000000001 0000000000000006")
                    .call(13, "0000000000000002")
                    .call(18, "0000000000000002 0000000000000000 01 00000007 'officer'")
                    .call(14, "0000000000000002 01 00000004 31323334")
                    .call(15, "0000000000000002 01 00000004 31323334 01 00000004 35363738")
                    .call(19, "0000000000000002")
                    .call(18, "0000000000000002 0000000000000001 01 ffffffff")
                    .call(66, "0000000000000002 0000000000000001 01 ffffffff 01 ffffffff")
                    .call(12, "0000000000000001")
                    .call(88, "0000000000000001 01 00000007 'officer' 00000020 'mytok'*32")
                    .call(2, "")
                    .call(1, Conversation.HANDSHAKE)
                    .call(4, "01 00000010")
                    .call(7, "0000000000000001 00000100");
        }
    }
}
