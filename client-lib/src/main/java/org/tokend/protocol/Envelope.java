package org.tokend.protocol;

/**
 * One varlink call as it stands in its frame.
 *
 * @param more the caller accepts {@link Reply.Event} and {@link Reply.SomeKeys} values before the last reply
 * @param oneway the caller wants no reply
 */
public record Envelope(Request request, boolean more, boolean oneway) {}
