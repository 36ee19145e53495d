package org.tokend.benchmarks.rig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What the kernel says of a process (proc(5)). */
public record ProcessFacts(long pid) {

    /** Memory that it has in RAM, pages shared with other processes counted in full. */
    public double residentMebibytes() {
        return kibibytes("status", "VmRSS:") / 1024.0;
    }

    /** The same, shared pages counted by its part of them; needs the right to trace the process, as root has. */
    public double proportionalMebibytes() {
        return kibibytes("smaps_rollup", "Pss:") / 1024.0;
    }

    /** CPU time of all its threads. */
    public double cpuSeconds() {
        try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            return tasks.mapToLong(ProcessFacts::nanos).sum() / 1e9;
        } catch (IOException e) {
            throw new RigException("process " + pid + " is gone", e);
        }
    }

    private static long nanos(Path task) {
        try {
            return Long.parseLong(Files.readString(task.resolve("schedstat")).split(" ")[0]);
        } catch (IOException e) {
            return 0; // a thread that has just ended
        }
    }

    private double kibibytes(String file, String name) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), file))) {
            return lines.filter(line -> line.startsWith(name))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new RigException("/proc/" + pid + "/" + file + " cannot be read", e);
        }
    }
}
