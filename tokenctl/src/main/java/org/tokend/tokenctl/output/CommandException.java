package org.tokend.tokenctl.output;

import java.util.List;

/** A command cannot go on. The message is one line: what, where, what to do next. */
public final class CommandException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ExitStatus status;
    private final transient List<String> details;

    public CommandException(ExitStatus status, String message) {
        this(status, message, List.of());
    }

    public CommandException(ExitStatus status, String message, List<String> details) {
        super(message);
        this.status = status;
        this.details = List.copyOf(details);
    }

    public ExitStatus status() {
        return status;
    }

    /** One line each, such as the candidates for an ambiguous name. */
    public List<String> details() {
        return details;
    }
}
