/** How log lines look: events of slf4j come in, lines for the journal or a terminal go out. Depends on logback only. */
@NullMarked
package org.tokend.daemon.log;

import org.jspecify.annotations.NullMarked;
