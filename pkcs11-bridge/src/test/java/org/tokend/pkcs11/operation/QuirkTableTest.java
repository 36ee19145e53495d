package org.tokend.pkcs11.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokend.pkcs11.cryptoki.CKM;
import org.tokend.pkcs11.cryptoki.TokenInfo;
import org.tokend.pkcs11.cryptoki.Version;

class QuirkTableTest {

    private static TokenInfo token(String manufacturer, String model) {
        Version version = new Version(2, 6);
        return new TokenInfo("", manufacturer, model, "", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, version, version, "");
    }

    @Test
    @DisplayName("the table that is shipped can be read and knows SoftHSM")
    void shipped() {
        QuirkTable table = QuirkTable.load();

        assertThat(table.of(token("SoftHSM project", "SoftHSM v2")).rawOaep()).isTrue();
        assertThat(table.of(token("piv_II", "PKCS#15 emulated")).maxSessions()).isEqualTo(1);
        assertThat(table.of(token("nobody", "nothing"))).isEqualTo(Quirks.NONE);
    }

    @Test
    @DisplayName("all rows that fit count")
    void rowsAddUp() {
        QuirkTable table = QuirkTable.parse("""
                # a comment
                maker | * | * | max-sessions=3 pkcs1-decrypt=native
                maker | model | 2.6 | max-sessions=1 without=0x9 without=0xd ecdh-point=wrapped sessions=read-write
                maker | model | 2.7 | oaep=raw
                """);

        Quirks quirks = table.of(token("maker", "model"));
        assertThat(quirks.maxSessions()).isEqualTo(1);
        assertThat(quirks.nativePkcs1()).isTrue();
        assertThat(quirks.wrappedPoint()).isTrue();
        assertThat(quirks.readWriteSessions()).isTrue();
        assertThat(quirks.rawOaep()).isFalse();
        assertThat(quirks.without()).containsExactlyInAnyOrder(CKM.RSA_PKCS_OAEP, CKM.RSA_PKCS_PSS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a | b | c", "a | b | c | oaep=native", "a | b | c | unknown=1", "a | b | c | raw"})
    @DisplayName("a row that says nothing known is refused with its line")
    void mistakes(String row) {
        assertThatThrownBy(() -> QuirkTable.parse("# first line\n" + row)).hasMessageContaining("line 2");
    }
}
