package org.tokend.daemon.transport;

import java.time.Duration;

/**
 * @param connections open at once
 * @param perProgram of these, for one executable
 * @param writeTimeout how long an answer waits for a peer that does not read
 */
public record ConnectionLimits(int connections, int perProgram, Duration writeTimeout) {}
