package org.tokend.protocol;

import org.jspecify.annotations.Nullable;

/**
 * A frame that is not a message of this protocol. The text names the field and never its value, so it may be logged and
 * sent back.
 */
public final class MessageException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Standard errors that every varlink client knows; they replace our own where the fault is not in a parameter. */
    enum Standard {
        METHOD_NOT_FOUND("org.varlink.service.MethodNotFound", "method"),
        INTERFACE_NOT_FOUND("org.varlink.service.InterfaceNotFound", "interface");

        final String error;
        final String parameter;

        Standard(String error, String parameter) {
            this.error = error;
            this.parameter = parameter;
        }
    }

    private final ErrorCode code;
    private final @Nullable Standard standard;
    private final String subject;

    private MessageException(ErrorCode code, @Nullable Standard standard, String subject, String message) {
        super(message);
        this.code = code;
        this.standard = standard;
        this.subject = subject;
    }

    static MessageException invalid(String message) {
        return new MessageException(ErrorCode.INVALID_REQUEST, null, "", message);
    }

    static MessageException unknownMethod(String method) {
        String shown = printable(method);
        return new MessageException(
                ErrorCode.UNKNOWN_METHOD,
                Standard.METHOD_NOT_FOUND,
                shown,
                "There is no method \"" + shown + "\"; GetInterfaceDescription lists the methods of org.tokend.Token");
    }

    static MessageException unknownInterface(String name) {
        String shown = printable(name);
        return new MessageException(
                ErrorCode.UNKNOWN_METHOD,
                Standard.INTERFACE_NOT_FOUND,
                shown,
                "There is no interface \"" + shown + "\"; GetInfo lists the interfaces");
    }

    public ErrorCode code() {
        return code;
    }

    /** The answer for the caller. {@link MessageCodec#encodeRefusal} makes a frame that varlink clients understand better. */
    public Reply.Failure failure() {
        return new Reply.Failure(code, text());
    }

    @Nullable
    Standard standard() {
        return standard;
    }

    String subject() {
        return subject;
    }

    String text() {
        return String.valueOf(getMessage());
    }

    /** A name that a stranger chose, fit for a log line: short, and nothing but visible ASCII. */
    static String printable(String name) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < name.length() && i < MessageCodec.MAX_NAME; i++) {
            char c = name.charAt(i);
            shown.append(c > ' ' && c < 0x7f && c != '"' && c != '\\' ? c : '?');
        }
        return shown.toString();
    }
}
