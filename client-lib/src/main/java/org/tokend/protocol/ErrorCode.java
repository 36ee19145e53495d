package org.tokend.protocol;

import java.util.Optional;

/** Every error that can cross the socket, in one closed set. The wire name is {@code org.tokend.Token.} plus {@link #wireName}. */
public enum ErrorCode {
    /** The frame or a field of it is wrong; the message says which field. */
    INVALID_REQUEST("InvalidRequest", false),
    /** The frame is longer than the bound; the connection ends. */
    FRAME_TOO_LARGE("FrameTooLarge", false),
    UNKNOWN_METHOD("UnknownMethod", false),
    /** The caller may not do this with this key. */
    DENIED("Denied", false),
    TOKEN_NOT_FOUND("TokenNotFound", false),
    /** The token was pulled, or its module host was lost, while the request ran. */
    TOKEN_REMOVED("TokenRemoved", true),
    KEY_NOT_FOUND("KeyNotFound", false),
    /** More than one key matches; the message lists all of them. */
    KEY_AMBIGUOUS("KeyAmbiguous", false),
    /** The certificate does not belong to the key, or the token could not prove that it holds the key. */
    KEY_MISMATCH("KeyMismatch", false),
    /** The token holds this key already; the message names it. */
    KEY_EXISTS("KeyExists", false),
    /** The token never gives the private key away. */
    KEY_NOT_EXTRACTABLE("KeyNotExtractable", false),
    /** The passphrase does not open the file. */
    PASSPHRASE_INCORRECT("PassphraseIncorrect", false),
    /** The key or the token cannot do this algorithm. */
    ALGORITHM_UNSUPPORTED("AlgorithmUnsupported", false),
    /** The token refused the PIN; the message says what is known of the tries left. */
    PIN_INCORRECT("PinIncorrect", false),
    /** The token is locked: no PIN is accepted any more. */
    PIN_LOCKED("PinLocked", false),
    /** One try is left, and the person has not said that it may be used. */
    PIN_LAST_TRY("PinLastTry", false),
    /** The person closed the prompt. */
    PROMPT_CANCELLED("PromptCancelled", false),
    /** Nobody answered the prompt in time. */
    PROMPT_TIMEOUT("PromptTimeout", true),
    /** There is no way to ask: no display, no terminal, no credential file. The message says what was tried. */
    NO_PROMPT("NoPrompt", false),
    /** The token did not answer within its deadline. */
    TIMEOUT("Timeout", true),
    /** Too many requests wait for this token or from this program. */
    BUSY("Busy", true),
    /** What the token returned did not verify with the key's public key, so it was not released. */
    WRONG_RESULT("WrongResult", true),
    /** The token failed in a way of its own; the message carries the CKR_ name. */
    TOKEN_FAILED("TokenFailed", true),
    /** The PKCS#11 module cannot be started. */
    MODULE_UNAVAILABLE("ModuleUnavailable", true),
    /** tokend is going down; ask again when it is back. */
    SHUTTING_DOWN("ShuttingDown", true),
    /** A defect of tokend; its log has the details. */
    INTERNAL("Internal", false);

    private final String wireName;
    private final boolean mayRetry;

    ErrorCode(String wireName, boolean mayRetry) {
        this.wireName = wireName;
        this.mayRetry = mayRetry;
    }

    public String wireName() {
        return wireName;
    }

    /** Whether the same request may simply be sent again. */
    public boolean mayRetry() {
        return mayRetry;
    }

    public static Optional<ErrorCode> ofWireName(String name) {
        for (ErrorCode code : values()) {
            if (code.wireName.equals(name)) {
                return Optional.of(code);
            }
        }
        return Optional.empty();
    }
}
