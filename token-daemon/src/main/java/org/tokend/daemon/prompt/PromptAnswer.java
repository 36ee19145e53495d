package org.tokend.daemon.prompt;

/** How a prompt ended. */
public sealed interface PromptAnswer {

    /** @param pin to be closed by whoever takes it */
    record Entered(Pin pin) implements PromptAnswer {}

    /** Yes to a question. */
    record Confirmed() implements PromptAnswer {}

    /** The person closed the prompt or said no, or the prompt was withdrawn. */
    record Cancelled() implements PromptAnswer {}

    record TimedOut() implements PromptAnswer {}

    /** Nobody could be asked. @param reason what was tried and what to do, as one clause without a full stop */
    record NotAvailable(String reason) implements PromptAnswer {}
}
