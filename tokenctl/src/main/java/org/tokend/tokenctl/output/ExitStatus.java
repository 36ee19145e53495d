package org.tokend.tokenctl.output;

import org.tokend.protocol.ErrorCode;

/** Exit codes after sysexits.h; docs/tokenctl.md lists them. */
public enum ExitStatus {
    OK(0, "everything was done"),
    /** Of {@code smime verify}, {@code smime decrypt} and {@code git-x509}. */
    NOT_PROVEN(1, "the signature fits, but not everything about the signer is proven; or nothing is signed"),
    USAGE(64, "the command line is wrong, or names more than one key or token"),
    DATA(65, "the input is not what it should be: no mail, damaged, or the wrong kind"),
    NO_INPUT(66, "a file, token, key or certificate does not exist or cannot be read"),
    UNAVAILABLE(69, "tokend is not running, or cannot do what is asked"),
    SOFTWARE(70, "a defect of tokenctl or tokend"),
    CANNOT_CREATE(73, "the output file cannot be written"),
    IO(74, "reading or writing failed"),
    TEMPORARY(75, "it may work when tried again: timeout, token removed, busy"),
    NO_PERMISSION(77, "not allowed: PIN refused, prompt closed, policy"),
    CONFIGURATION(78, "something must be set up first");

    private final int code;
    private final String meaning;

    ExitStatus(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    public int code() {
        return code;
    }

    public String meaning() {
        return meaning;
    }

    public static ExitStatus of(ErrorCode code) {
        return switch (code) {
            case INVALID_REQUEST, FRAME_TOO_LARGE, KEY_MISMATCH -> DATA;
            case KEY_AMBIGUOUS -> USAGE;
            case KEY_EXISTS -> CANNOT_CREATE;
            case TOKEN_NOT_FOUND, KEY_NOT_FOUND -> NO_INPUT;
            case UNKNOWN_METHOD, ALGORITHM_UNSUPPORTED -> UNAVAILABLE;
            case INTERNAL -> SOFTWARE;
            case DENIED,
                    KEY_NOT_EXTRACTABLE,
                    PASSPHRASE_INCORRECT,
                    PIN_INCORRECT,
                    PIN_LOCKED,
                    PIN_LAST_TRY,
                    PROMPT_CANCELLED -> NO_PERMISSION;
            case NO_PROMPT -> CONFIGURATION;
            case TOKEN_REMOVED,
                    PROMPT_TIMEOUT,
                    TIMEOUT,
                    BUSY,
                    WRONG_RESULT,
                    TOKEN_FAILED,
                    MODULE_UNAVAILABLE,
                    SHUTTING_DOWN -> TEMPORARY;
        };
    }
}
