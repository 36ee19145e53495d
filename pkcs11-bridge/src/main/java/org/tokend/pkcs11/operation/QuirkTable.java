package org.tokend.pkcs11.operation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.tokend.pkcs11.cryptoki.TokenInfo;

/** The quirks of models, read from {@code quirks.txt} beside this class, which also describes its own form. */
public final class QuirkTable {

    private record Row(String manufacturer, String model, String firmware, String quirks, int line) {
        boolean fits(TokenInfo token) {
            String version = token.firmwareVersion().major() + "."
                    + token.firmwareVersion().minor();
            return fits(manufacturer, token.manufacturer()) && fits(model, token.model()) && fits(firmware, version);
        }

        private static boolean fits(String pattern, String value) {
            return pattern.endsWith("*")
                    ? value.startsWith(pattern.substring(0, pattern.length() - 1))
                    : pattern.equals(value);
        }
    }

    private final List<Row> rows;

    private QuirkTable(List<Row> rows) {
        this.rows = rows;
    }

    public static QuirkTable load() {
        try (InputStream in = QuirkTable.class.getResourceAsStream("quirks.txt")) {
            if (in == null) {
                throw new IllegalStateException("quirks.txt is not on the class path");
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static QuirkTable parse(String text) {
        List<Row> rows = new ArrayList<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] cells = line.split("\\|", -1);
            if (cells.length != 4) {
                throw new IllegalArgumentException("quirks.txt, line " + number + ": four columns are needed");
            }
            Row row = new Row(cells[0].strip(), cells[1].strip(), cells[2].strip(), cells[3].strip(), number);
            apply(row, Quirks.NONE);
            rows.add(row);
        }
        return new QuirkTable(List.copyOf(rows));
    }

    /** All rows that fit, later ones on top of earlier ones. */
    public Quirks of(TokenInfo token) {
        Quirks quirks = Quirks.NONE;
        for (Row row : rows) {
            if (row.fits(token)) {
                quirks = apply(row, quirks);
            }
        }
        return quirks;
    }

    private static Quirks apply(Row row, Quirks on) {
        Quirks q = on;
        for (String quirk : row.quirks().split(" +", -1)) {
            String value = quirk.substring(quirk.indexOf('=') + 1);
            q = switch (quirk.substring(0, Math.max(0, quirk.indexOf('=')))) {
                case "oaep" ->
                    new Quirks(
                            is(row, value, "raw"),
                            q.nativePkcs1(),
                            q.wrappedPoint(),
                            q.maxSessions(),
                            q.readWriteSessions(),
                            q.without());
                case "pkcs1-decrypt" ->
                    new Quirks(
                            q.rawOaep(),
                            is(row, value, "native"),
                            q.wrappedPoint(),
                            q.maxSessions(),
                            q.readWriteSessions(),
                            q.without());
                case "ecdh-point" ->
                    new Quirks(
                            q.rawOaep(),
                            q.nativePkcs1(),
                            is(row, value, "wrapped"),
                            q.maxSessions(),
                            q.readWriteSessions(),
                            q.without());
                case "max-sessions" ->
                    new Quirks(
                            q.rawOaep(),
                            q.nativePkcs1(),
                            q.wrappedPoint(),
                            Integer.parseInt(value),
                            q.readWriteSessions(),
                            q.without());
                case "sessions" ->
                    new Quirks(
                            q.rawOaep(),
                            q.nativePkcs1(),
                            q.wrappedPoint(),
                            q.maxSessions(),
                            is(row, value, "read-write"),
                            q.without());
                case "without" ->
                    new Quirks(
                            q.rawOaep(),
                            q.nativePkcs1(),
                            q.wrappedPoint(),
                            q.maxSessions(),
                            q.readWriteSessions(),
                            plus(q.without(), value));
                default -> throw wrong(row, quirk);
            };
        }
        return q;
    }

    private static boolean is(Row row, String value, String expected) {
        if (!value.equals(expected)) {
            throw wrong(row, value);
        }
        return true;
    }

    private static Set<Long> plus(Set<Long> mechanisms, String hexadecimal) {
        Set<Long> more = new HashSet<>(mechanisms);
        more.add(Long.decode(hexadecimal.toLowerCase(Locale.ROOT)));
        return Set.copyOf(more);
    }

    private static IllegalArgumentException wrong(Row row, String what) {
        return new IllegalArgumentException("quirks.txt, line " + row.line() + ": \"" + what + "\" is not known");
    }
}
