package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.fixtures.keys.TestKey;

@DisplayName("A mail of 64 MiB")
class LargeMailIT {
    private static final long SIZE = 64L << 20;

    @TempDir
    Path directory;

    @Test
    @DisplayName("is signed, verified, encrypted and decrypted by a tokenctl whose whole heap is 64 MiB")
    void streams() throws Exception {
        assertThat(Files.readString(Path.of(System.getProperty("tokend.home"), "bin", "tokenctl")))
                .as("the launcher bounds the heap")
                .contains("-Xmx\"${TOKENCTL_HEAP:-64m}\"");
        try (MailDesk desk = new MailDesk(directory, TestKey.RSA_2048_A)) {
            writeMail(desk.file("large.eml"));
            desk.tokenctlSucceeds("smime", "sign", "large.eml", "-o", "signed.eml");
            desk.succeeds("openssl", "cms", "-verify", "-in", "signed.eml", "-CAfile", "root.pem", "-out", "verified");
            assertThat(Files.size(desk.file("verified"))).isGreaterThan(SIZE);
            desk.tokenctlSucceeds("smime", "sign", "--opaque", "large.eml", "-o", "signed.eml");
            desk.tokenctlSucceeds("smime", "verify", "signed.eml", "--anchors", "root.pem", "-o", "verified");
            assertThat(Files.size(desk.file("verified"))).isGreaterThan(SIZE);
            Files.delete(desk.file("signed.eml"));
            desk.tokenctlSucceeds(
                    "smime",
                    "encrypt",
                    "--sign",
                    "large.eml",
                    "--to",
                    "alice@example.org",
                    "--anchors",
                    "root.pem",
                    "-o",
                    "secret.eml");
            desk.tokenctlSucceeds(
                    "smime", "decrypt", "--unwrap", "secret.eml", "--anchors", "root.pem", "-o", "verified");
            assertThat(Files.size(desk.file("verified"))).isGreaterThan(SIZE);
            Files.delete(desk.file("verified"));
            for (String cipher : List.of("-aes-256-cbc", "-aes-256-gcm")) {
                desk.succeeds(
                        "openssl",
                        "cms",
                        "-encrypt",
                        "-binary",
                        cipher,
                        "-in",
                        "large.eml",
                        "-out",
                        "secret.eml",
                        "RSA_2048_A.pem");
                desk.tokenctlSucceeds("smime", "decrypt", "secret.eml", "-o", "decrypted.eml");
                assertThat(Files.mismatch(desk.file("decrypted.eml"), desk.file("large.eml")))
                        .isEqualTo(-1);
            }
            try (Stream<Path> left = Files.list(directory)) {
                assertThat(left.map(file -> file.getFileName().toString()))
                        .noneMatch(name -> name.startsWith("tokend-") || name.endsWith(".tmp"));
            }
        }
    }

    private static void writeMail(Path file) throws Exception {
        String line = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+/012345678\r\n";
        try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.US_ASCII)) {
            out.write("From: alice@example.org\r\nSubject: Large\r\nContent-Type: application/octet-stream\r\n"
                    + "Content-Transfer-Encoding: base64\r\n\r\n");
            for (long written = 0; written < SIZE; written += line.length()) {
                out.write(line);
            }
        }
    }
}
