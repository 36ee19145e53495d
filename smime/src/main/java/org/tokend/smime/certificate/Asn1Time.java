package org.tokend.smime.certificate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1UTCTime;
import org.bouncycastle.asn1.BERTags;
import org.bouncycastle.asn1.x509.Time;

/**
 * The Time of RFC 5280 §4.1.2.5 and RFC 5652 §11.3, UTCTime or GeneralizedTime in seconds. Bouncy Castle reads and writes it with a
 * SimpleDateFormat, for which the JDK loads calendars, locales and time zones: a tenth of the time of a short command.
 */
public final class Asn1Time {
    private static final int DIGITS = "yyyyMMddHHmmss".length();
    private static final String UTC = "GMT+00:00";
    private static final int FIRST_UTC_TIME = 1950;
    private static final int LAST_UTC_TIME = 2049;

    private Asn1Time() {}

    /** @throws IllegalStateException when it is of a form that cannot be read */
    public static Instant instant(Time time) {
        ASN1Primitive primitive = time.toASN1Primitive();
        String text = primitive instanceof ASN1UTCTime utc ? utc.getAdjustedTime() : text(primitive);
        try {
            if (text.length() == DIGITS + UTC.length() && text.endsWith(UTC)) {
                return instant(Long.parseLong(text, 0, DIGITS, 10));
            }
        } catch (NumberFormatException | DateTimeException e) {
            // Then it is read as leniently as ever.
        }
        return time.getDate().toInstant();
    }

    private static String text(ASN1Primitive primitive) {
        return primitive instanceof ASN1GeneralizedTime generalized ? generalized.getTime() : "";
    }

    private static Instant instant(long digits) {
        return LocalDateTime.of(
                        (int) (digits / 100_00_00_00_00L),
                        pair(digits / 100_00_00_00),
                        pair(digits / 100_00_00),
                        pair(digits / 100_00),
                        pair(digits / 100),
                        pair(digits))
                .toInstant(ZoneOffset.UTC);
    }

    private static int pair(long digits) {
        return (int) (digits % 100);
    }

    /** UTCTime from 1950 to 2049, otherwise GeneralizedTime; fractions of a second are dropped. */
    public static ASN1Primitive of(Instant instant) {
        LocalDateTime time = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
        long date = (time.getYear() * 100L + time.getMonthValue()) * 100 + time.getDayOfMonth();
        long clock = (time.getHour() * 100L + time.getMinute()) * 100 + time.getSecond();
        String text = date * 100_00_00 + clock + "Z";
        return time.getYear() < FIRST_UTC_TIME || time.getYear() > LAST_UTC_TIME
                ? primitive(BERTags.GENERALIZED_TIME, text)
                : primitive(BERTags.UTC_TIME, text.substring(2));
    }

    /** The constructors with a string try it with a SimpleDateFormat; the reader of DER looks at the form. */
    private static ASN1Primitive primitive(int tag, String text) {
        byte[] der = new byte[2 + text.length()];
        der[0] = (byte) tag;
        der[1] = (byte) text.length();
        System.arraycopy(text.getBytes(StandardCharsets.US_ASCII), 0, der, 2, text.length());
        try {
            return ASN1Primitive.fromByteArray(der);
        } catch (IOException e) {
            throw new IllegalStateException(text, e);
        }
    }
}
