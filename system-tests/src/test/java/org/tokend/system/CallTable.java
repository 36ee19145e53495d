package org.tokend.system;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;

/** The calls that p11-kit's clients make, with the signatures of request and reply, and arguments that are well formed. */
final class CallTable {
    private static final String TABLE = """
            1 ayyay .,2 . .,3 . vsusv,4 yfu au,5 u ssuvv,6 u ssssuuuuuuuuuuuvvs,7 ufu au,8 uu uuu,9 uayz .,10 uu u,
            11 u .,12 u .,13 u uuuu,14 uay .,15 uayay .,16 ufy ay,17 uayuu .,18 uuay .,19 u .,20 uaA u,21 uuaA u,
            22 uu .,23 uu u,24 uufA aAu,25 uuaA .,26 uaA .,27 ufu au,28 u .,29 uMu .,30 uayfy ay,31 uayfy ay,32 ufy ay,
            33 uMu .,34 uayfy ay,35 uayfy ay,36 ufy ay,37 uM .,38 uayfy ay,39 uay .,40 uu .,41 ufy ay,42 uMu .,
            43 uayfy ay,44 uay .,45 ufy ay,46 uMu .,47 uayfy ay,48 uMu .,49 uayay .,50 uay .,51 uay .,52 uMu .,
            53 uayfy ay,54 uayfy ay,55 uayfy ay,56 uayfy ay,57 uayfy ay,58 uMaA u,59 uMaAaA uu,60 uMuufy ay,
            61 uMuayaA u,62 uMuaA u,63 uay .,64 ufy ay,65 u u,66 uuayay .,67 uu .,68 uMu .,69 uayayayfy ay,70 uayay .,
            71 uayayfyu ay,72 u .,73 uMu .,74 uayayayfy ay,75 uayay .,76 uayayfyu ay,77 u .,78 uMu .,79 uayayfy ay,
            80 uay .,81 uayayyfy ay,82 u .,83 uMu .,84 uayayay .,85 uay .,86 uayayay .,87 u .,88 uays .,89 uMuaA uPu
            """;

    /** Those whose first argument is a slot. */
    private static final Set<Integer> OF_A_SLOT = Set.of(5, 6, 7, 8, 9, 10, 12, 88);

    private static final long SERIAL_SESSION = 4;
    private static final long DONT_BLOCK = 1;

    private CallTable() {}

    record Shape(int id, String request, String reply) {
        /** @param slot with a token in it; session: open there */
        byte[] arguments(long slot, long session) {
            ByteBuffer out = ByteBuffer.allocate(512);
            boolean first = true;
            for (int i = 0; i < request.length(); i++) {
                String letter = request.substring(i, Math.min(i + 2, request.length()));
                switch (letter.charAt(0)) {
                    case 'u' -> {
                        out.putLong(first ? subject(slot, session) : other());
                        first = false;
                    }
                    case 'y' -> out.put((byte) 0);
                    case 's' -> out.putInt(32).put("%-32s".formatted("label").getBytes());
                    case 'z' -> out.putInt(5).put("label".getBytes());
                    // CKM_RSA_PKCS: it has no parameter in any version.
                    case 'M' -> out.putInt(1);
                    default -> {
                        i++;
                        array(letter, out);
                    }
                }
            }
            return java.util.Arrays.copyOf(out.array(), out.position());
        }

        private static void array(String letters, ByteBuffer out) {
            switch (letters) {
                case "ay" -> out.put((byte) 1).putInt(4).put("1234".getBytes());
                case "fy" -> out.putInt(64);
                case "fu" -> out.putInt(8);
                case "aA" -> out.putInt(0);
                // CKA_CLASS, with room for its eight bytes.
                case "fA" -> out.putInt(1).putInt(0).putInt(8);
                default -> throw new AssertionError(letters);
            }
        }

        private long subject(long slot, long session) {
            if (id == 65) {
                return DONT_BLOCK;
            }
            return OF_A_SLOT.contains(id) ? slot : session;
        }

        private long other() {
            return switch (id) {
                case 10 -> SERIAL_SESSION;
                // CKU_USER
                case 18, 66 -> 1;
                default -> 0;
            };
        }
    }

    static List<Shape> all() {
        return java.util.Arrays.stream(TABLE.replace("\n", "").split(","))
                .map(entry -> entry.strip().split(" "))
                .map(parts ->
                        new Shape(Integer.parseInt(parts[0]), parts[1].replace(".", ""), parts[2].replace(".", "")))
                .toList();
    }

    static Shape of(int id) {
        return all().get(id - 1);
    }
}
