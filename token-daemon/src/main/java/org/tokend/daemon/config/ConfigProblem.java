package org.tokend.daemon.config;

import java.nio.file.Path;

/**
 * One thing that is wrong.
 *
 * @param line counted from 1; 0 when it is about the file as a whole
 * @param remedy what to do, as a sentence without a full stop
 */
public record ConfigProblem(Path file, int line, int column, String problem, String remedy) {

    /** The one line that people see, in the form that editors can jump to. */
    @Override
    public String toString() {
        String where = line == 0 ? file.toString() : file + ":" + line + ":" + column;
        return where + ": " + problem + "; " + remedy;
    }
}
