package org.tokend.system;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.tokend.fixtures.daemon.DaemonFixture;

/** The module hosts that a daemon has started so far, as its log tells them; spares that hold no module are not among them. */
final class ModuleHosts {
    private ModuleHosts() {}

    /** Their process numbers, the newest last. */
    static List<Long> started(DaemonFixture daemon, String module) {
        return Pattern.compile("module=" + Pattern.quote(module) + " host=started pid=(\\d+)")
                .matcher(daemon.log())
                .results()
                .map(MatchResult::group)
                .map(line -> Long.valueOf(line.substring(line.lastIndexOf('=') + 1)))
                .toList();
    }

    /** The one that holds the module now, or held it last. */
    static ProcessHandle current(DaemonFixture daemon, String module) {
        return ProcessHandle.of(started(daemon, module).getLast()).orElseThrow();
    }
}
