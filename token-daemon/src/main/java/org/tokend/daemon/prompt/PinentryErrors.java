package org.tokend.daemon.prompt;

/** What a pinentry's ERR means. Its codes are libgpg-error's. */
final class PinentryErrors {
    private static final int TIMEOUT = 62;
    private static final int CANCELED = 99;
    private static final int NOT_CONFIRMED = 114;
    private static final int FULLY_CANCELED = 198;

    private PinentryErrors() {}

    static PromptAnswer answer(AssuanReply.Err error) {
        return switch (error.reason()) {
            case TIMEOUT -> new PromptAnswer.TimedOut();
            case CANCELED, NOT_CONFIRMED, FULLY_CANCELED -> new PromptAnswer.Cancelled();
            default ->
                error.fromSystem()
                        ? new PromptAnswer.NotAvailable("the pinentry cannot open a terminal or display ("
                                + error.text() + "); run `tokenctl unlock` in a terminal, or start tokend inside the"
                                + " desktop session")
                        : new PromptAnswer.NotAvailable(
                                "the pinentry answered error " + error.code() + " (" + error.text() + ")");
        };
    }
}
