package org.tokend.daemon.prompt;

/** One way to get a PIN. Thread-safe; blocks until it is answered, withdrawn or out of time. */
public interface PinPrompt {

    /** As the configuration calls it. */
    String name();

    /** Whether a person answers. What nobody typed just now never spends a token's last try. */
    boolean attended();

    PromptAnswer askPin(PromptRequest request, Withdrawal withdrawal);

    /** Asks yes or no. */
    PromptAnswer askConsent(PromptRequest request, Withdrawal withdrawal);
}
