package org.tokend.protocol;

/** How the daemon and its module hosts are. Answered by {@link Reply.StatusReport}. Never waits for a token. */
public record Status() implements Request {
    @Override
    public String method() {
        return "org.tokend.Token.Status";
    }
}
