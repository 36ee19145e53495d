package org.tokend.benchmarks.rig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** What a run was made on. */
public final class Machine {
    private Machine() {}

    /** Names and values in the order in which they should be shown. */
    public static Map<String, String> here(Path home) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("date", LocalDate.now(ZoneOffset.UTC).toString());
        facts.put("processor", processor());
        facts.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
        // What a distribution or a cloud adds to the number says nothing to others.
        facts.put("kernel", System.getProperty("os.version").replaceFirst("-.*", ""));
        facts.put("java", System.getProperty("java.vm.version"));
        facts.put("tokend", said(home.resolve("bin/tokend").toString(), "--version"));
        facts.put("SoftHSM", said("softhsm2-util", "--version"));
        facts.put("p11-kit", said("dpkg-query", "-W", "-f=${Version}", "p11-kit"));
        facts.put("OpenSSL", said("openssl", "version"));
        return facts;
    }

    private static String processor() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.replaceFirst(".*: ", ""))
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }

    private static String said(String... command) {
        try {
            return Command.of(command).output(Path.of("/")).lines().findFirst().orElse("?");
        } catch (RigException e) {
            // Another distribution: the figures are worth having all the same.
            return "?";
        }
    }
}
