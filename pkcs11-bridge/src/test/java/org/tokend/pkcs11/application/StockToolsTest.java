package org.tokend.pkcs11.application;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.fixtures.softhsm.SoftHsmToken;
import org.tokend.pkcs11.token.SoftHsmRig;

/** Programs of the distribution, with its own p11-kit-client.so, as applications over a SoftHSM token. None is given a PIN. */
class StockToolsTest {
    private static final KeyPair RSA =
            SoftwareKeys.generate("RSA", new RSAKeyGenParameterSpec(2048, RSAKeyGenParameterSpec.F4));
    private static final KeyPair EC = SoftwareKeys.generate("EC", new ECGenParameterSpec("secp256r1"));
    private static final byte[] MESSAGE = "the message".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path directory;

    private SoftHsmRig rig;
    private ServedApplications served;

    @BeforeEach
    void serve() throws Exception {
        SoftHsmToken hsm = SoftHsmToken.create("stock");
        hsm.importKey(RSA, "rsa");
        hsm.importKey(EC, "ec");
        rig = SoftHsmRig.on(hsm);
        served = new ServedApplications(new DirectGate(rig), directory);
    }

    @AfterEach
    void close() throws Exception {
        served.close();
        rig.close();
        assertThat(served.defects()).isEmpty();
    }

    private static String client() throws IOException {
        try (Stream<Path> libraries =
                Files.find(Path.of("/usr/lib"), 3, (path, attributes) -> path.endsWith("pkcs11/p11-kit-client.so"))) {
            return libraries
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no p11-kit-client.so: install the package p11-kit-modules"))
                    .toString();
        }
    }

    private String run(List<String> command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("P11_KIT_SERVER_ADDRESS", served.address());
        Process process = builder.start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    private String pkcs11Tool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("pkcs11-tool", "--module", client(), "--token-label", "stock"));
        command.addAll(List.of(arguments));
        return run(command);
    }

    @Test
    @DisplayName("pkcs11-tool lists slots, mechanisms and objects")
    void lists() throws Exception {
        assertThat(pkcs11Tool("--list-token-slots")).contains("stock").contains("PIN pad present");
        assertThat(pkcs11Tool("--list-mechanisms")).contains("ECDSA").doesNotContain("AES-CBC");
        assertThat(pkcs11Tool("--list-objects")).contains("Public Key Object").doesNotContain("Private Key");
        assertThat(pkcs11Tool("--login", "--list-objects"))
                .contains("Private Key Object; RSA")
                .contains("Private Key Object; EC")
                .contains("label:      rsa");
    }

    @Test
    @DisplayName("pkcs11-tool's own test passes")
    void tests() throws Exception {
        assertThat(pkcs11Tool("--login", "--test")).contains("No errors");
    }

    @Test
    @DisplayName("pkcs11-tool signs with RSA and EC keys, and decrypts")
    void uses() throws Exception {
        Path message = Files.write(directory.resolve("message"), MESSAGE);
        Path output = directory.resolve("output");
        pkcs11Tool(
                "--login",
                "--sign",
                "--mechanism",
                "SHA256-RSA-PKCS",
                "--id",
                "727361",
                "--input-file",
                message.toString(),
                "--output-file",
                output.toString());
        assertThat(verifies("SHA256withRSA", RSA, Files.readAllBytes(output))).isTrue();
        Files.write(message, MessageDigest.getInstance("SHA-256").digest(MESSAGE));
        pkcs11Tool(
                "--login",
                "--sign",
                "--mechanism",
                "ECDSA",
                "--id",
                "6563",
                "--input-file",
                message.toString(),
                "--output-file",
                output.toString());
        assertThat(verifies("SHA256withECDSAinP1363Format", EC, Files.readAllBytes(output)))
                .isTrue();
        Cipher cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
        cipher.init(Cipher.ENCRYPT_MODE, RSA.getPublic());
        Files.write(message, cipher.doFinal(MESSAGE));
        pkcs11Tool(
                "--login",
                "--decrypt",
                "--mechanism",
                "RSA-PKCS",
                "--id",
                "727361",
                "--input-file",
                message.toString(),
                "--output-file",
                output.toString());
        assertThat(output).hasBinaryContent(MESSAGE);
    }

    private static boolean verifies(String algorithm, KeyPair key, byte[] signature) throws Exception {
        Signature verifier = Signature.getInstance(algorithm);
        verifier.initVerify(key.getPublic());
        verifier.update(MESSAGE);
        return verifier.verify(signature);
    }

    @Test
    @DisplayName("p11tool logs in and lists everything")
    void gnutls() throws Exception {
        assertThat(run(List.of("p11tool", "--provider", client(), "--login", "--list-all", "pkcs11:token=stock")))
                .contains("Label: rsa")
                .contains("Label: ec")
                .contains("Private key");
    }

    @Test
    @DisplayName("A program that may manage the token makes a key on it, and takes it off again")
    void manages() throws Exception {
        pkcs11Tool("--login", "--keypairgen", "--key-type", "EC:secp256r1", "--label", "new", "--id", "77");
        assertThat(pkcs11Tool("--login", "--list-objects")).contains("new");
        pkcs11Tool("--login", "--delete-object", "--type", "privkey", "--id", "77");
        pkcs11Tool("--login", "--delete-object", "--type", "pubkey", "--id", "77");
        assertThat(pkcs11Tool("--login", "--list-objects")).doesNotContain("new");
    }
}
