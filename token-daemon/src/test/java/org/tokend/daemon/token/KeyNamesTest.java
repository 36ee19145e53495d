package org.tokend.daemon.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.tokend.daemon.access.KeyName;
import org.tokend.pkcs11.uri.Pkcs11UriException;

class KeyNamesTest {
    private final KeyNames names = new KeyNames();

    @Test
    @DisplayName("A name that comes again is not read again")
    void again() throws Exception {
        KeyName name = names.parse("pkcs11:token=t;object=mail");
        assertThat(name).isEqualTo(KeyName.parse("pkcs11:token=t;object=mail"));
        assertThat(names.parse("pkcs11:token=t;object=mail")).isSameAs(name);
        assertThat(names.parse("pkcs11:token=t;object=web")).isNotEqualTo(name);
    }

    @Test
    @DisplayName("A name of a thousand characters and more is read each time: keeping it would cost more than it saves")
    void longName() throws Exception {
        String text = "pkcs11:token=t;object=" + "x".repeat(1_000);
        assertThat(names.parse(text)).isEqualTo(names.parse(text)).isNotSameAs(names.parse(text));
    }

    @Test
    @DisplayName("What is no name is refused each time")
    void refused() {
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> names.parse("pkcs11:token")).isInstanceOf(Pkcs11UriException.class);
            assertThatThrownBy(() -> names.parse("mail")).isInstanceOf(Pkcs11UriException.class);
        }
    }
}
