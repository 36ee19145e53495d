package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.tokend.fixtures.daemon.CommandResult;
import org.tokend.fixtures.daemon.DaemonFixture;
import org.tokend.fixtures.daemon.ModuleEntry;
import org.tokend.fixtures.fault.FaultModule;
import org.tokend.fixtures.keys.CertificateProfile;
import org.tokend.fixtures.keys.TestCa;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.fixtures.pinentry.PinentryAnswer;
import org.tokend.fixtures.pinentry.ScriptedPinentry;
import org.tokend.fixtures.softhsm.ImportedKey;
import org.tokend.fixtures.softhsm.SoftHsmToken;

/**
 * What programs find that know PKCS#11 and nothing of tokend: the stock p11-kit-client.so, and the daemon on the socket that
 * it looks for by itself. The card has Alice's keys, "rsa-2048-a" and "p256-a" unless others are wanted, with certificates for
 * mail and TLS that lie as files in the directory.
 */
final class ApplicationDesk implements AutoCloseable {
    static final String CARD = "pkcs11:token=card";
    private static final String TLS_SERVER = "1.3.6.1.5.5.7.3.1";
    private static final Pattern USE = Pattern.compile("\"event\":\"(?:sign|decrypt|agree|unwrap)\"");
    private static final Pattern PROGRAM = Pattern.compile("\"program\":\"([^\"]*)\"");

    private final Path directory;
    private final TestCa ca = TestCa.create();
    private final SoftHsmToken token = SoftHsmToken.create("card");
    private final FaultModule module = FaultModule.over(token);
    private final ScriptedPinentry pinentry = ScriptedPinentry.create().always(PinentryAnswer.pin(token.pin()));
    private final DaemonFixture daemon;

    ApplicationDesk(Path directory) throws IOException {
        this(directory, builder -> {}, TestKey.RSA_2048_A, TestKey.P256_A);
    }

    ApplicationDesk(Path directory, Consumer<DaemonFixture.Builder> more, TestKey... keys) throws IOException {
        this.directory = directory;
        for (TestKey key : keys) {
            ImportedKey imported = token.importKey(key);
            X509Certificate certificate = certificate(key.publicKey());
            token.importCertificate(imported, certificate);
            Files.writeString(directory.resolve(key.defaultLabel() + ".pem"), TestCa.pem(certificate));
        }
        token.importCertificate(ca.issuing(), "issuing", new byte[] {0x7f});
        Files.writeString(directory.resolve("root.pem"), TestCa.pem(ca.root()));
        Files.writeString(directory.resolve("issuing.pem"), TestCa.pem(ca.issuing()));
        Files.writeString(directory.resolve("chain.pem"), TestCa.pem(ca.issuing(), ca.root()));
        Files.writeString(directory.resolve("letter"), "Dear Bob\n");
        DaemonFixture.Builder builder =
                DaemonFixture.builder().module(ModuleEntry.of("card", module)).pinentry(pinentry);
        more.accept(builder);
        this.daemon = builder.start();
    }

    private X509Certificate certificate(PublicKey key) {
        return ca.issue(
                key,
                CertificateProfile.mail(key, "alice@example.org")
                        .withPurposes(
                                CertificateProfile.EMAIL_PROTECTION,
                                CertificateProfile.CLIENT_AUTHENTICATION,
                                TLS_SERVER));
    }

    /** Debian's client module, wherever this architecture has it. */
    static Path clientModule() {
        try (Stream<Path> libraries = Files.list(Path.of("/usr/lib"))) {
            return libraries
                    .map(library -> library.resolve("pkcs11/p11-kit-client.so"))
                    .filter(Files::exists)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("p11-kit-client.so is not here: install p11-kit-modules"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    SoftHsmToken token() {
        return token;
    }

    FaultModule module() {
        return module;
    }

    ScriptedPinentry pinentry() {
        return pinentry;
    }

    DaemonFixture daemon() {
        return daemon;
    }

    TestCa ca() {
        return ca;
    }

    /** @param type private, public or cert */
    static String uri(TestKey key, String type) {
        return CARD + ";object=" + key.defaultLabel() + ";type=" + type;
    }

    /** No PKCS11 or daemon variable is among them: the socket is where the client looks for it. */
    Map<String, String> environment() {
        Map<String, String> environment = new TreeMap<>();
        environment.put("PATH", System.getenv("PATH"));
        environment.put("LANG", "C.UTF-8");
        environment.put("HOME", directory.toString());
        environment.put("XDG_RUNTIME_DIR", daemon.directory().resolve("run").toString());
        return environment;
    }

    /** Where p11-kit's client looks for a server. */
    Path socket() {
        return daemon.directory().resolve("run/p11-kit/pkcs11");
    }

    NativeApplication application() throws IOException {
        return NativeApplication.start(clientModule(), environment());
    }

    Programs programs() {
        return new Programs(directory, environment());
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    /** A command none of whose words has a space in it. */
    static String[] words(String command) {
        return command.split(" ");
    }

    ProcessBuilder program(String... command) {
        return programs().program(command);
    }

    CommandResult run(String... command) throws IOException, InterruptedException {
        return programs().run(program(command));
    }

    String succeeds(String... command) throws IOException, InterruptedException {
        return programs().succeeds(program(command));
    }

    String succeeds(ProcessBuilder builder) throws IOException, InterruptedException {
        return programs().succeeds(builder);
    }

    /** The programs that used a private key so far, once for each use, as the audit has them. */
    List<String> uses() {
        List<String> programs = new ArrayList<>();
        daemon.audit().lines().filter(line -> USE.matcher(line).find()).forEach(line -> {
            var program = PROGRAM.matcher(line);
            programs.add(program.find() ? program.group(1) : "nobody");
        });
        return programs;
    }

    /** Fails unless the answer is a signature by {@link TestKey#P256_A}, as PKCS#11 writes it, over this digest. */
    static void assertSigned(byte[] digest, byte[] signature) throws Exception {
        Signature verifier = Signature.getInstance("NONEwithECDSAinP1363Format");
        verifier.initVerify(TestKey.P256_A.publicKey());
        verifier.update(digest);
        assertThat(verifier.verify(signature)).as("the signature is right").isTrue();
    }

    /** The same for each "CKR digest signature" of a command that signs more than once. */
    static void assertAllSigned(List<String> lines, int count) throws Exception {
        assertThat(lines).hasSize(count);
        for (String line : lines) {
            String[] parts = line.split(" ");
            assertThat(parts[0]).as("CKR of a signature").isEqualTo("0");
            assertSigned(HexFormat.of().parseHex(parts[1]), HexFormat.of().parseHex(parts[2]));
        }
    }

    @Override
    public void close() {
        try (token;
                module;
                pinentry;
                daemon) {
            // Closed in the reverse order.
        }
    }
}
