package org.tokend.daemon.log;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;

/** The message without control characters: what strangers chose (labels, paths) can neither end the line nor colour it. */
public final class OneLineMessage extends ClassicConverter {
    @Override
    public String convert(ILoggingEvent event) {
        return event.getFormattedMessage().replaceAll("\\p{Cntrl}", "?");
    }
}
