package org.tokend.smime.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ASN1UTCTime;
import org.bouncycastle.asn1.x509.Time;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Asn1TimeTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1950-01-01T00:00:00Z",
                "1999-12-31T23:59:59Z",
                "2005-03-04T05:06:07Z",
                "2024-02-29T12:00:00Z",
                "2049-12-31T23:59:59Z",
                "2050-01-01T00:00:00Z",
                "1949-12-31T23:59:59Z",
                "9999-12-31T23:59:59Z"
            })
    @DisplayName("A time is written as Bouncy Castle writes it, and read again")
    void asBouncyCastle(String text) {
        Instant instant = Instant.parse(text);
        assertThat(Asn1Time.of(instant)).isEqualTo(new Time(Date.from(instant)).toASN1Primitive());
        assertThat(Asn1Time.instant(Time.getInstance(Asn1Time.of(instant)))).isEqualTo(instant);
    }

    @Test
    @DisplayName("Fractions of a second are not written")
    void fractions() {
        assertThat(Asn1Time.of(Instant.parse("2026-11-21T22:35:01.999Z")))
                .isEqualTo(new ASN1UTCTime("261121223501Z").toASN1Primitive());
    }

    @ParameterizedTest
    @ValueSource(strings = {"2611212235Z", "261121223501+0100", "260230120000Z", "491231235959Z", "500101000000Z"})
    @DisplayName("What is not of the usual form is read as Bouncy Castle reads it")
    void otherUtcTimes(String text) {
        Time time = new Time(new ASN1UTCTime(text));
        assertThat(Asn1Time.instant(time)).isEqualTo(time.getDate().toInstant());
    }

    @ParameterizedTest
    @ValueSource(strings = {"20261121223501.5Z", "20261121223501+0100", "20261121223501Z", "20260230120000Z"})
    @DisplayName("GeneralizedTime of any form is read as Bouncy Castle reads it")
    void otherGeneralizedTimes(String text) {
        Time time = new Time(new ASN1GeneralizedTime(text));
        assertThat(Asn1Time.instant(time)).isEqualTo(time.getDate().toInstant());
    }
}
