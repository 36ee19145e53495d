package org.tokend.daemon.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.time.temporal.ChronoUnit;

/**
 * What a line begins with: for systemd's journal, which adds the time, the priority as sd-daemon(3) wants it; else the time
 * and the level.
 */
public final class LinePrefix extends ClassicConverter {
    private static final boolean JOURNAL = System.getenv("JOURNAL_STREAM") != null;

    @Override
    public String convert(ILoggingEvent event) {
        if (JOURNAL) {
            return "<" + priority(event.getLevel()) + ">";
        }
        return event.getInstant().truncatedTo(ChronoUnit.MILLIS) + " " + event.getLevel() + " ";
    }

    /** syslog(3). */
    static int priority(Level level) {
        return switch (level.toInt()) {
            case Level.ERROR_INT -> 3;
            case Level.WARN_INT -> 4;
            case Level.INFO_INT -> 6;
            default -> 7;
        };
    }
}
