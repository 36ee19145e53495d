package org.tokend.tokenctl.doctor;

/**
 * One thing that was looked at.
 *
 * @param name stable, for scripts
 * @param next what to do; empty where nothing needs to be done
 */
public record Check(String name, Verdict verdict, String finding, String next) {

    /** How it is. */
    public enum Verdict {
        OK,
        /** It works, but not in every situation, or not as it should. */
        WARNING,
        FAILED
    }

    static Check ok(String name, String finding) {
        return new Check(name, Verdict.OK, finding, "");
    }

    static Check warning(String name, String finding, String next) {
        return new Check(name, Verdict.WARNING, finding, next);
    }

    static Check failed(String name, String finding, String next) {
        return new Check(name, Verdict.FAILED, finding, next);
    }
}
