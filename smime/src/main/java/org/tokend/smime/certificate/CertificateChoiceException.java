package org.tokend.smime.certificate;

import java.io.IOException;
import java.util.List;

/** No certificate, or more than one, fits. The message is one sentence; the candidates are one line each. */
public final class CertificateChoiceException extends IOException {

    private static final long serialVersionUID = 1L;

    /** Why there is no choice. */
    public enum Reason {
        NONE_FOUND,
        ALL_REFUSED,
        AMBIGUOUS
    }

    private final Reason reason;
    private final transient List<String> candidates;

    public CertificateChoiceException(Reason reason, String message, List<String> candidates) {
        super(message);
        this.reason = reason;
        this.candidates = List.copyOf(candidates);
    }

    public Reason reason() {
        return reason;
    }

    public List<String> candidates() {
        return candidates;
    }
}
