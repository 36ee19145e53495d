package org.tokend.tokenctl.output;

import java.io.PrintStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.tokend.smime.TrustVerdict;
import org.tokend.smime.certificate.MailCertificate;

/** The lines by which gpgsm tells programs what it did; git reads SIG_CREATED, GOODSIG, BADSIG and TRUST_*. */
public record StatusLines(@Nullable PrintStream out) {

    public void line(String text) {
        PrintStream to = out;
        if (to != null) {
            to.println("[GNUPG:] " + text.replaceAll("\\p{Cntrl}", " "));
            to.flush();
        }
    }

    public void created(MailCertificate signer, Instant time) {
        line("SIG_CREATED D 1 8 00 " + time.getEpochSecond() + " " + identifier(signer));
    }

    public void good(MailCertificate signer, @Nullable Instant time, TrustVerdict verdict) {
        line("GOODSIG " + identifier(signer) + " " + signer.subject());
        if (time != null) {
            line("VALIDSIG " + identifier(signer) + " "
                    + DateTimeFormatter.ISO_LOCAL_DATE.format(time.atZone(ZoneOffset.UTC)) + " "
                    + time.getEpochSecond() + " 0 1 0 1 8 00 " + identifier(signer));
        }
        line(verdict.isTrusted() ? "TRUST_FULLY 0 shell" : "TRUST_NEVER 0 shell");
    }

    public void bad(MailCertificate signer) {
        line("BADSIG " + identifier(signer) + " " + signer.subject());
    }

    /** As gpgsm names certificates: SHA-1 of the whole. */
    private static String identifier(MailCertificate certificate) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-1").digest(certificate.encoded()))
                    .toUpperCase(Locale.ROOT);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("SHA-1 is part of every JDK", impossible);
        }
    }
}
