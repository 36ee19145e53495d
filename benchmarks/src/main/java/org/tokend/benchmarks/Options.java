package org.tokend.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.tokend.benchmarks.experiment.Scale;

/**
 * The command line.
 *
 * @param home the installation of tokend
 * @param load the compiled C program
 * @param output where results are written
 * @param only experiments whose name holds this
 */
record Options(Scale scale, Path home, Path load, Path output, Optional<String> only) {

    static Options parse(List<String> words) {
        return new Options(
                words.contains("--quick") ? Scale.QUICK : Scale.FULL,
                Path.of(value(words, "--home").orElseThrow()),
                Path.of(value(words, "--load").orElseThrow()),
                Path.of(value(words, "--output").orElseThrow()),
                value(words, "--only"));
    }

    private static Optional<String> value(List<String> words, String name) {
        return Stream.of(words.indexOf(name))
                .filter(at -> at >= 0 && at + 1 < words.size())
                .map(at -> words.get(at + 1))
                .findFirst();
    }
}
