package org.tokend.daemon.dispatch;

import java.time.Instant;
import java.util.function.IntSupplier;

/**
 * What tokend says of itself.
 *
 * @param connections open now
 */
public record ServiceFacts(String version, long pid, Instant started, IntSupplier connections) {}
