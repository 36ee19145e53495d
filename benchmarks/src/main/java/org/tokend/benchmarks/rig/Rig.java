package org.tokend.benchmarks.rig;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import javax.crypto.Cipher;
import org.jspecify.annotations.Nullable;
import org.tokend.fixtures.FixtureDirectory;
import org.tokend.fixtures.daemon.DaemonFixture;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.fixtures.softhsm.KeyImport;
import org.tokend.fixtures.softhsm.SoftHsmToken;

/** One token with one key of each kind, and all subjects in front of it. */
public final class Rig implements AutoCloseable {
    private static final List<Path> CLIENT_MODULES = List.of(
            Path.of("/usr/lib/x86_64-linux-gnu/pkcs11/p11-kit-client.so"),
            Path.of("/usr/lib/aarch64-linux-gnu/pkcs11/p11-kit-client.so"),
            Path.of("/usr/lib64/pkcs11/p11-kit-client.so"));
    private static final int CONTENT_KEY = 32;

    private final Installation installation;
    private final FixtureDirectory files = FixtureDirectory.create("bench-");
    private final SoftHsmToken token;
    private final Daemons daemons;
    private @Nullable P11KitServer server;

    private Rig(Installation installation) throws IOException {
        this.installation = installation;
        this.token = SoftHsmToken.create("bench");
        Files.createFile(pinFile(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(pinFile(), token.pinBytes());
        this.daemons = new Daemons(installation.home(), token, pinFile());
    }

    public static Rig open(Installation installation) {
        return open(installation, List.of());
    }

    /** @param others further keys on the token */
    public static Rig open(Installation installation, List<KeyPair> others) {
        try {
            Rig rig = new Rig(installation);
            rig.token.importKey(TestKey.P256_A);
            rig.token.importKey(TestKey.RSA_2048_A);
            rig.token.importKeys(IntStream.range(0, others.size())
                    .mapToObj(number -> KeyImport.of(others.get(number), "other-" + number))
                    .toList());
            Files.write(rig.ciphertext(), encrypted());
            return rig;
        } catch (IOException | GeneralSecurityException e) {
            throw new RigException("the token cannot be made", e);
        }
    }

    public Installation installation() {
        return installation;
    }

    public SoftHsmToken token() {
        return token;
    }

    public Path pinFile() {
        return files.resolve("pin");
    }

    public Path directory() {
        return files.path();
    }

    public DaemonFixture daemon(Setting setting) {
        return daemons.of(setting);
    }

    /** Not started; the caller closes it. */
    public DaemonFixture freshDaemon(Setting setting) {
        return daemons.configure(setting).create();
    }

    /** The module loaded by the program itself. */
    public Target direct() {
        return module("direct", token.modulePath(), token.environment());
    }

    /** The stock client with the stock server behind it. */
    public Target p11Kit() {
        P11KitServer running = server;
        if (running == null) {
            running = P11KitServer.start(token);
            server = running;
        }
        return module("p11-kit", clientModule(), Map.of("P11_KIT_SERVER_ADDRESS", "unix:path=" + running.socket()));
    }

    /** The stock client with tokend behind it; empty where this tokend has no such socket. */
    public Optional<Target> p11KitSocket(Setting setting) {
        Path socket = applications(daemon(setting));
        return Files.exists(socket)
                ? Optional.of(p11KitSocket("p11-kit socket" + setting.suffix(), socket))
                : Optional.empty();
    }

    /** @param daemon as shipped */
    public Target p11KitSocket(DaemonFixture daemon) {
        return p11KitSocket("p11-kit socket", applications(daemon));
    }

    private Target p11KitSocket(String name, Path socket) {
        return module(name, clientModule(), Map.of("P11_KIT_SERVER_ADDRESS", "unix:path=" + socket));
    }

    private static Path applications(DaemonFixture daemon) {
        return daemon.directory().resolve("run/p11-kit/pkcs11");
    }

    /** The native protocol with nothing but a socket. */
    public Target nativeSocket(Setting setting) {
        return socket("native" + setting.suffix(), daemon(setting));
    }

    /** As {@link #nativeSocket(Setting)}, with keys named by what stands on the token and not by fingerprint. */
    public Target nativeSocketByUri(Setting setting) {
        return socket(
                "native by URI" + setting.suffix(),
                daemon(setting),
                key -> "pkcs11:token=" + token.label() + ";object=" + key.defaultLabel());
    }

    public Target nativeSocket(DaemonFixture daemon) {
        return socket("native", daemon);
    }

    /** Puts it beside the RSA key. */
    public void importCertificate(X509Certificate certificate) {
        String label = TestKey.RSA_2048_A.defaultLabel();
        token.importCertificate(certificate, label, label.getBytes(StandardCharsets.UTF_8));
    }

    /** The native protocol through the library; for {@link Installation#clientLibrary}. */
    public Target clientLibrary(Setting setting) {
        return socket("client-lib" + setting.suffix(), daemon(setting));
    }

    private Target socket(String name, DaemonFixture daemon) {
        return socket(name, daemon, Rig::fingerprint);
    }

    private Target socket(String name, DaemonFixture daemon, Function<TestKey, String> key) {
        return new Target(
                name,
                List.of(
                        "--socket",
                        daemon.socket().toString(),
                        "--p256",
                        key.apply(TestKey.P256_A),
                        "--rsa",
                        key.apply(TestKey.RSA_2048_A),
                        "--ciphertext",
                        ciphertext().toString()),
                Map.of());
    }

    private Target module(String name, Path module, Map<String, String> environment) {
        return new Target(
                name,
                List.of(
                        "--module",
                        module.toString(),
                        "--token",
                        token.label(),
                        "--pin-file",
                        pinFile().toString(),
                        "--p256",
                        TestKey.P256_A.defaultLabel(),
                        "--rsa",
                        TestKey.RSA_2048_A.defaultLabel(),
                        "--ciphertext",
                        ciphertext().toString()),
                environment);
    }

    private Path ciphertext() {
        return files.resolve("ciphertext");
    }

    /** The stock client. */
    public static Path clientModule() {
        return CLIENT_MODULES.stream()
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() -> new RigException("p11-kit-client.so is not installed (package p11-kit-modules)"));
    }

    private static String fingerprint(TestKey key) {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256")
                                    .digest(key.publicKey().getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new RigException("no SHA-256", e);
        }
    }

    private static byte[] encrypted() throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
        cipher.init(Cipher.ENCRYPT_MODE, TestKey.RSA_2048_A.publicKey());
        return cipher.doFinal(new byte[CONTENT_KEY]);
    }

    @Override
    public void close() {
        daemons.close();
        if (server != null) {
            server.close();
        }
        token.close();
        files.close();
    }
}
