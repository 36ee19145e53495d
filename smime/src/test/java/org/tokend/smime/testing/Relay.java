package org.tokend.smime.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A mail server in between, with the habits by which servers break signatures: it takes a mail by SMTP, and what comes out is
 * what the next server gets. It wraps header fields anew, cuts blanks at line ends and long lines, quotes "From ", and writes
 * quoted-printable where somebody left 8bit.
 */
public final class Relay {

    private static final int LONGEST_LINE = 990;
    private static final int LONGEST_FIELD = 60;

    private Relay() {}

    /** Sends by curl, which is a mail client of its own. */
    public static byte[] send(Path mail) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<List<String>> received = CompletableFuture.supplyAsync(() -> serve(server));
            Process curl = new ProcessBuilder(
                            "curl",
                            "--silent",
                            "--show-error",
                            "--noproxy",
                            "*",
                            "--crlf",
                            "--mail-from",
                            "alice@example.org",
                            "--mail-rcpt",
                            "bob@example.org",
                            "--upload-file",
                            mail.toString(),
                            "smtp://127.0.0.1:" + server.getLocalPort())
                    .inheritIO()
                    .start();
            assertThat(curl.waitFor()).as("curl").isZero();
            String passed = String.join("\r\n", passedOn(received.get(60, TimeUnit.SECONDS))) + "\r\n";
            return passed.getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    private static List<String> serve(ServerSocket server) {
        try (Socket client = server.accept();
                BufferedReader in = new BufferedReader(
                        new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
                OutputStream out = client.getOutputStream()) {
            List<String> mail = new ArrayList<>();
            answer(out, "220 relay.example.org");
            String line = in.readLine();
            while (line != null && !line.startsWith("QUIT")) {
                if (line.startsWith("DATA")) {
                    answer(out, "354 go on");
                    mail = data(in);
                }
                answer(out, "250 relay.example.org");
                line = in.readLine();
            }
            answer(out, "221 bye");
            return mail;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static List<String> data(BufferedReader in) throws IOException {
        List<String> lines = new ArrayList<>();
        String line = in.readLine();
        while (line != null && !line.equals(".")) {
            lines.add(line.startsWith(".") ? line.substring(1) : line);
            line = in.readLine();
        }
        return lines;
    }

    private static void answer(OutputStream out, String text) throws IOException {
        out.write((text + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private static List<String> passedOn(List<String> mail) {
        int end = mail.indexOf("");
        List<String> passed = new ArrayList<>();
        passed.add("Return-Path: <alice@example.org>");
        passed.add("Received: from client by relay.example.org with ESMTP; Sat, 21 Nov 2026 12:00:00 +0000");
        for (String field : String.join("\n", mail.subList(0, end)).split("\n(?![ \t])", -1)) {
            passed.addAll(wrapped(field.replaceAll("\n[ \t]+", " ")));
        }
        passed.addAll(body(mail.subList(end, mail.size())));
        return passed;
    }

    private static List<String> wrapped(String field) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : field.split(" ", -1)) {
            if (line.length() > 0 && line.length() + word.length() > LONGEST_FIELD) {
                lines.add(line.toString());
                line.setLength(0);
                line.append('\t').append(word);
            } else {
                line.append(lines.isEmpty() && line.length() == 0 ? "" : " ").append(word);
            }
        }
        lines.add(line.toString());
        return lines;
    }

    private static List<String> body(List<String> body) {
        List<String> passed = new ArrayList<>();
        boolean quoting = false;
        for (String line : body) {
            if (line.startsWith("--")) {
                quoting = false;
            }
            if (line.toLowerCase(Locale.ROOT).startsWith("content-transfer-encoding: 8bit")) {
                quoting = true;
                passed.add("Content-Transfer-Encoding: quoted-printable");
            } else {
                passed.addAll(habits(quoting ? quoted(line) : line));
            }
        }
        return passed;
    }

    private static String quoted(String line) {
        StringBuilder text = new StringBuilder();
        for (char each : line.toCharArray()) {
            text.append(each == '=' || each >= 0x80 ? String.format("=%02X", (int) each) : String.valueOf(each));
        }
        return text.toString();
    }

    private static List<String> habits(String line) {
        String kept = (line.startsWith("From ") ? ">" : "") + line.stripTrailing();
        List<String> lines = new ArrayList<>();
        while (kept.length() > LONGEST_LINE) {
            lines.add(kept.substring(0, LONGEST_LINE));
            kept = kept.substring(LONGEST_LINE);
        }
        lines.add(kept);
        return lines;
    }
}
