package org.tokend.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A GnuPG directory of the test's own whose card daemon is gnupg-pkcs11-scd; its agent ends with it. */
final class GnupgHome implements AutoCloseable {
    private static final Pattern OCTETS = Pattern.compile("l= *(\\d+) prim: OCTET STRING");

    private final Programs programs;
    private final Path home;

    GnupgHome(Programs programs) throws IOException, InterruptedException {
        this.programs = programs;
        this.home = Files.createDirectory(
                programs.file("gnupg"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(home.resolve("gnupg-pkcs11-scd.conf"), """
                providers tokend
                provider-tokend-library %s
                provider-tokend-allow-protected-auth
                """.formatted(ApplicationDesk.clientModule()));
        Files.writeString(home.resolve("gpg-agent.conf"), "scdaemon-program /usr/bin/gnupg-pkcs11-scd\n");
        Files.writeString(home.resolve("gpgsm.conf"), "disable-crl-checks\ndisable-dirmngr\n");
        String fingerprint = programs.succeeds("openssl", "x509", "-in", "root.pem", "-noout", "-fingerprint", "-sha1");
        Files.writeString(
                home.resolve("trustlist.txt"), fingerprint.replaceAll(".*=", "").strip() + " S\n");
    }

    String gpgsm(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("gpgsm", "--batch"));
        command.addAll(Arrays.asList(arguments));
        return programs.succeeds(inHome(command.toArray(String[]::new)));
    }

    private ProcessBuilder inHome(String... command) {
        ProcessBuilder builder = programs.program(command);
        builder.environment().put("GNUPGHOME", home.toString());
        return builder;
    }

    /** How many bytes the signature of the message's signer has: the last octet string there is. */
    int signatureLength(String message) throws IOException, InterruptedException {
        Matcher octets = OCTETS.matcher(programs.succeeds("openssl", "asn1parse", "-inform", "DER", "-in", message));
        int length = 0;
        while (octets.find()) {
            length = Integer.parseInt(octets.group(1));
        }
        return length;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        programs.succeeds(inHome("gpgconf", "--kill", "all"));
    }
}
