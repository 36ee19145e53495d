package org.tokend.protocol;

/** The text of one varlink interface. Answered by {@link Reply.InterfaceDescription}. */
public record GetInterfaceDescription(String interfaceName) implements Request {
    @Override
    public String method() {
        return "org.varlink.service.GetInterfaceDescription";
    }
}
