package org.tokend.daemon;

/** How tokend ends, in the numbers of sysexits(3). */
enum ExitCode {
    OK(0),
    /** EX_USAGE: the command line is wrong. */
    USAGE(64),
    /** EX_DATAERR: an audit file is not as it was written. */
    DATA(65),
    /** EX_UNAVAILABLE: the socket cannot be opened, such as when another tokend has it. */
    UNAVAILABLE(69),
    /** EX_SOFTWARE: a defect. */
    SOFTWARE(70),
    /** EX_IOERR: the state directory or the audit file cannot be used. */
    IO(74),
    /** EX_CONFIG: the configuration is wrong. */
    CONFIG(78);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
