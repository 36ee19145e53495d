package org.tokend.protocol;

/** The varlink service's own description. Answered by {@link Reply.ServiceInfo}. */
public record GetInfo() implements Request {
    @Override
    public String method() {
        return "org.varlink.service.GetInfo";
    }
}
