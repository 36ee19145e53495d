package org.tokend.benchmarks.rig;

/** Something that is to be measured does not run. */
public final class RigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RigException(String message) {
        super(message);
    }

    public RigException(String message, Throwable cause) {
        super(message, cause);
    }
}
