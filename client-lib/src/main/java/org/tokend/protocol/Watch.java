package org.tokend.protocol;

/** A stream of {@link Reply.Event} until the connection ends. */
public record Watch() implements Request {
    @Override
    public String method() {
        return "org.tokend.Token.Watch";
    }
}
