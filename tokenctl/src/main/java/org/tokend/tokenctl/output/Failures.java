package org.tokend.tokenctl.output;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.tokend.client.TokenClientException;
import org.tokend.smime.RecipientRefusal;
import org.tokend.smime.certificate.CertificateChoiceException;
import org.tokend.smime.cms.DecryptionException;
import org.tokend.smime.cms.SignatureException;
import org.tokend.smime.mime.MalformedMailException;
import org.tokend.smime.profile.ProfileException;
import org.tokend.smime.trust.TrustException;

/** Turns whatever a command throws into the exit code and the line that a person reads; the only place that does. */
public final class Failures {

    private Failures() {}

    /**
     * What is told about a failure.
     *
     * @param code stable name for scripts: an error name of tokend, or one of tokenctl's own
     */
    public record Told(ExitStatus status, String code, String message, boolean mayRetry, List<String> details) {}

    public static Told of(Throwable failure) {
        return switch (failure) {
            case CommandException own -> told(own.status(), text(own), own.details());
            case TokenClientException.NotRunning absent -> told(ExitStatus.UNAVAILABLE, text(absent), List.of());
            case TokenClientException refused ->
                new Told(
                        ExitStatus.of(refused.code()),
                        refused.code().wireName(),
                        text(refused),
                        refused.mayRetry(),
                        List.of());
            case MalformedMailException malformed -> told(ExitStatus.DATA, text(malformed), List.of());
            case RecipientRefusal refused -> recipients(refused);
            case SignatureException unreadable -> told(ExitStatus.DATA, text(unreadable), List.of());
            case DecryptionException undecryptable -> decryption(undecryptable);
            case CertificateChoiceException choice -> choice(choice);
            case TrustException refused -> trust(refused);
            case ProfileException refused -> profile(refused);
            case FileSystemException file -> file(file);
            case IOException io -> told(ExitStatus.IO, text(io), List.of());
            default ->
                told(
                        ExitStatus.SOFTWARE,
                        "a defect of tokenctl: " + failure + "; run it again with --debug and report what it shows",
                        List.of());
        };
    }

    private static Told decryption(DecryptionException failure) {
        ExitStatus status = switch (failure.reason()) {
            case NOT_A_RECIPIENT -> ExitStatus.NO_INPUT;
            case UNSUPPORTED, MALFORMED, FAILED -> ExitStatus.DATA;
        };
        return told(status, text(failure), failure.details());
    }

    private static Told recipients(RecipientRefusal failure) {
        List<String> details = failure.refused().stream()
                .map(each -> (each.address().isEmpty() ? "" : each.address() + ": ") + SignerText.name(each.reason())
                        + ": " + each.text())
                .toList();
        return told(ExitStatus.NO_PERMISSION, text(failure), details);
    }

    private static Told choice(CertificateChoiceException failure) {
        ExitStatus status = switch (failure.reason()) {
            case AMBIGUOUS -> ExitStatus.USAGE;
            case NONE_FOUND -> ExitStatus.NO_INPUT;
            case ALL_REFUSED -> ExitStatus.NO_PERMISSION;
        };
        return told(status, text(failure), failure.candidates());
    }

    private static Told trust(TrustException failure) {
        ExitStatus status = switch (failure.reason()) {
            case POLICY_LOCKED -> ExitStatus.NO_PERMISSION;
            case FINGERPRINT_DIFFERS, NOT_ONE_CERTIFICATE, NOT_A_ROOT, EXPIRED -> ExitStatus.DATA;
            case NOT_TRUSTED_HERE -> ExitStatus.NO_INPUT;
        };
        return told(status, failure.reason() + ": " + text(failure), List.of());
    }

    private static Told profile(ProfileException failure) {
        ExitStatus status = switch (failure.reason()) {
            case PROFILE_MISSING, PROFILE_KEY_MISSING -> ExitStatus.NO_INPUT;
            case PROFILE_NAME_INVALID -> ExitStatus.USAGE;
            case PROFILE_CERT_INVALID -> ExitStatus.NO_PERMISSION;
        };
        return told(status, failure.reason() + ": " + text(failure), List.of());
    }

    private static Told file(FileSystemException failure) {
        return switch (failure) {
            case NoSuchFileException absent ->
                told(ExitStatus.NO_INPUT, absent.getFile() + " does not exist", List.of());
            case AccessDeniedException denied ->
                told(ExitStatus.NO_INPUT, "no permission to read " + denied.getFile(), List.of());
            default -> told(ExitStatus.IO, text(failure), List.of());
        };
    }

    private static Told told(ExitStatus status, String message, List<String> details) {
        return new Told(status, name(status), message, status == ExitStatus.TEMPORARY, details);
    }

    /** As tokend's own error names are written. */
    private static String name(ExitStatus status) {
        StringBuilder name = new StringBuilder("Tokenctl");
        for (String word : status.name().split("_", -1)) {
            name.append(word.charAt(0)).append(word.substring(1).toLowerCase(java.util.Locale.ROOT));
        }
        return name.toString();
    }

    private static String text(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.toString() : message;
    }
}
