package org.tokend.benchmarks.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tokend.benchmarks.result.Measurement;
import org.tokend.benchmarks.result.Results;
import org.tokend.benchmarks.rig.Command;
import org.tokend.benchmarks.rig.Pause;
import org.tokend.benchmarks.rig.Rig;
import org.tokend.benchmarks.rig.RigException;
import org.tokend.benchmarks.rig.Setting;
import org.tokend.benchmarks.rig.Target;
import org.tokend.fixtures.daemon.DaemonFixture;
import org.tokend.fixtures.keys.TestCa;
import org.tokend.fixtures.keys.TestKey;

/** Wall time of whole commands: ours, OpenSSL with the engine on the same key, and what people run through p11-kit. */
public final class Commands implements Experiment {
    public static final String WHAT = "wall time";
    public static final String SMALL = "1 KiB";
    public static final String LARGE = "64 MiB";
    public static final String LISTING = "p11tool --list-all --login";
    public static final String NSS_SIGN = "cmsutil -S";
    private static final String EARLY = ", fresh daemon";
    private static final int ROUNDS_TO_WARM_UP = 100;

    private static final Duration LONGEST_LOOK = Duration.ofSeconds(30);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);
    private static final int KIBIBYTE = 1 << 10;
    private static final int LARGE_BYTES = 64 << 20;
    private static final int LINE = 76;

    @Override
    public String title() {
        return "wall time of commands";
    }

    @Override
    public void run(Rig rig, Scale scale, Results results) {
        try {
            Path work = Files.createDirectory(rig.directory().resolve("commands"));
            prepare(rig, work);
            Map<String, Command> small = new LinkedHashMap<>();
            small.put("tokenctl --version (the JVM's start)", tokenctl(rig, "--version"));
            small.put(
                    "tokenctl sign",
                    tokenctl(rig, "sign", "--key", TestKey.P256_A.defaultLabel(), "--out", "bare", "small"));
            addMail(rig, small, "small");
            repeat(small, SMALL, scale.repeats(), work, results);
            prepareNss(work);
            for (String application : List.of(LISTING, NSS_SIGN)) {
                measure(rig, application, scale, work, results);
            }
            Map<String, Command> large = new LinkedHashMap<>();
            addMail(rig, large, "large");
            repeat(large, LARGE, Math.max(1, scale.repeats() / 2), work, results);
        } catch (IOException e) {
            throw new RigException("the files for the commands cannot be written", e);
        }
    }

    /** With a daemon that has just been started, and with one that has served others, as the daemon of most days has. */
    private static void measure(Rig rig, String application, Scale scale, Path work, Results results) {
        try (DaemonFixture fresh = rig.freshDaemon(Setting.SHIPPED)) {
            fresh.restart();
            repeat(peers(rig, application, fresh), application + EARLY, scale.repeats(), work, results);
        }
        Map<String, Command> peers = peers(rig, application, rig.daemon(Setting.SHIPPED));
        for (int round = 0; round < ROUNDS_TO_WARM_UP; round++) {
            peers.values().forEach(command -> command.millis(work));
        }
        repeat(peers, application, scale.repeats(), work, results);
    }

    /** Once to warm the caches, then in turns. */
    private static void repeat(Map<String, Command> commands, String situation, int times, Path work, Results results) {
        Map<String, List<Double>> samples = new LinkedHashMap<>();
        commands.forEach((name, command) -> samples.put(name, new ArrayList<>()));
        commands.values().forEach(command -> command.millis(work));
        for (int round = 0; round < times; round++) {
            samples.forEach((name, taken) -> {
                Command command = commands.get(name);
                if (command != null) {
                    taken.add(command.millis(work));
                }
            });
        }
        samples.forEach((name, taken) -> results.add(new Measurement(WHAT, situation, name, "ms", taken)));
    }

    private static void addMail(Rig rig, Map<String, Command> commands, String mail) {
        String key = TestKey.RSA_2048_A.defaultLabel();
        String onToken = "pkcs11:token=" + rig.token().label() + ";object=" + key + ";type=private;pin-value="
                + new String(rig.token().pin());
        Map<String, String> engine = new LinkedHashMap<>(rig.token().environment());
        engine.put("PKCS11_MODULE_PATH", rig.token().modulePath().toString());
        commands.put(
                "tokenctl smime sign",
                tokenctl(rig, "smime", "sign", "--key", key, "--chain", "issuing.pem", "--out", "signed", mail));
        commands.put("tokenctl smime decrypt", tokenctl(rig, "smime", "decrypt", "--out", "plain", mail + ".enc"));
        commands.put(
                "openssl cms -sign",
                Command.of(
                                "openssl",
                                "cms",
                                "-sign",
                                "-engine",
                                "pkcs11",
                                "-keyform",
                                "engine",
                                "-inkey",
                                onToken,
                                "-signer",
                                "leaf.pem",
                                "-certfile",
                                "issuing.pem",
                                "-in",
                                mail,
                                "-out",
                                "signed.peer")
                        .with(engine));
        commands.put(
                "openssl cms -decrypt",
                Command.of(
                                "openssl",
                                "cms",
                                "-decrypt",
                                "-engine",
                                "pkcs11",
                                "-keyform",
                                "engine",
                                "-inkey",
                                onToken,
                                "-recip",
                                "leaf.pem",
                                "-in",
                                mail + ".enc",
                                "-out",
                                "plain.peer")
                        .with(engine));
    }

    /** The same command through the stock client, with tokend and with the stock server behind it. */
    private static Map<String, Command> peers(Rig rig, String what, DaemonFixture daemon) {
        Map<String, Command> commands = new LinkedHashMap<>();
        for (Target target : List.of(rig.p11Kit(), rig.p11KitSocket(daemon))) {
            Map<String, String> environment = new LinkedHashMap<>(target.environment());
            environment.put("GNUTLS_PIN", new String(rig.token().pin()));
            Command command = what.equals(LISTING)
                    ? Command.of(
                            "p11tool",
                            "--provider",
                            Rig.clientModule().toString(),
                            "--login",
                            "--list-all",
                            "pkcs11:token=" + rig.token().label())
                    : Command.of(
                            "cmsutil",
                            "-S",
                            "-d",
                            "sql:nss",
                            "-N",
                            rig.token().label() + ":" + TestKey.RSA_2048_A.defaultLabel(),
                            "-f",
                            rig.pinFile().toString(),
                            "-i",
                            "small",
                            "-o",
                            "signed.nss");
            commands.put(target.name(), command.with(environment));
        }
        return commands;
    }

    private static Command tokenctl(Rig rig, String... arguments) {
        List<String> line =
                new ArrayList<>(List.of(rig.installation().command("tokenctl").toString()));
        line.addAll(List.of(arguments));
        return new Command(line, rig.daemon(Setting.SHIPPED).environment());
    }

    private static void prepare(Rig rig, Path work) throws IOException {
        TestCa ca = TestCa.create();
        X509Certificate leaf = ca.mail(TestKey.RSA_2048_A.publicKey(), "alice@example.org");
        rig.importCertificate(leaf);
        awaitCertificate(rig, work);
        Files.writeString(work.resolve("leaf.pem"), TestCa.pem(leaf));
        Files.writeString(work.resolve("issuing.pem"), TestCa.pem(ca.issuing()));
        Files.writeString(work.resolve("root.pem"), TestCa.pem(ca.root()));
        writeMail(work.resolve("small"), KIBIBYTE);
        writeMail(work.resolve("large"), LARGE_BYTES);
        for (String mail : List.of("small", "large")) {
            Command.of(
                            "openssl",
                            "cms",
                            "-encrypt",
                            "-aes256",
                            "-stream",
                            "-in",
                            mail,
                            "-out",
                            mail + ".enc",
                            "leaf.pem")
                    .millis(work);
        }
    }

    /** It was put there behind the daemon's back, which looks at tokens every few seconds. */
    private static void awaitCertificate(Rig rig, Path work) {
        long end = System.nanoTime() + LONGEST_LOOK.toNanos();
        while (!tokenctl(rig, "certs", "list").output(work).contains("alice@example.org")) {
            if (System.nanoTime() > end) {
                throw new RigException("the daemon does not notice a certificate within " + LONGEST_LOOK);
            }
            Pause.of(BETWEEN_LOOKS);
        }
    }

    private static void writeMail(Path file, int bytes) throws IOException {
        StringBuilder mail = new StringBuilder(bytes + KIBIBYTE)
                .append("From: alice@example.org\r\nTo: bob@example.org\r\nSubject: Numbers\r\nMIME-Version: 1.0\r\n")
                .append("Content-Type: text/plain; charset=us-ascii\r\n\r\n");
        for (int line = 0; mail.length() < bytes; line++) {
            mail.append(Integer.toString(line).repeat(LINE), 0, LINE).append("\r\n");
        }
        Files.writeString(file, mail);
    }

    private static void prepareNss(Path work) throws IOException {
        Files.createDirectory(work.resolve("nss"));
        Command.of("certutil", "-N", "-d", "sql:nss", "--empty-password").millis(work);
        Command.of("certutil", "-A", "-d", "sql:nss", "-n", "root", "-t", ",C,", "-i", "root.pem")
                .millis(work);
        Command.of("certutil", "-A", "-d", "sql:nss", "-n", "issuing", "-t", ",,", "-i", "issuing.pem")
                .millis(work);
        Command.of(
                        "modutil",
                        "-dbdir",
                        "sql:nss",
                        "-force",
                        "-add",
                        "p11-kit",
                        "-libfile",
                        Rig.clientModule().toString())
                .millis(work);
    }
}
