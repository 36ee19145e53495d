package org.tokend.pkcs11.uri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Pkcs11UriTest {

    @Nested
    @DisplayName("the examples of RFC 7512 §3")
    class Examples {

        @Test
        @DisplayName("the empty URI matches every token and key")
        void empty() throws Exception {
            Pkcs11Uri uri = Pkcs11Uri.parse("pkcs11:");

            assertThat(uri.matchesToken("a", "b", "c", "d")).isTrue();
            assertThat(uri.matchesKey(new byte[] {1}, "label")).isTrue();
            assertThat(uri).hasToString("pkcs11:");
        }

        @Test
        @DisplayName("a public key with a PIN source")
        void publicKey() throws Exception {
            Pkcs11Uri uri = Pkcs11Uri.parse("pkcs11:object=my-pubkey;type=public");

            assertThat(uri.object()).contains("my-pubkey");
            assertThat(uri.type()).contains("public");
        }

        @Test
        @DisplayName("a private key whose PIN is in a file")
        void pinSource() throws Exception {
            Pkcs11Uri uri = Pkcs11Uri.parse("pkcs11:object=my-key;type=private?pin-source=file:/etc/token");

            assertThat(uri.pinSource()).contains("file:/etc/token");
        }

        @Test
        @DisplayName("a certificate on a token, with the id in bytes")
        void certificate() throws Exception {
            Pkcs11Uri uri = Pkcs11Uri.parse("pkcs11:token=The%20Software%20PKCS%2311%20Softtoken;"
                    + "manufacturer=Snake%20Oil,%20Inc.;model=1.0;object=my-certificate;type=cert;"
                    + "id=%69%95%3E%5C%F4%BD%EC%91;serial=?pin-source=file:/etc/token_pin");

            assertThat(uri.token()).contains("The Software PKCS#11 Softtoken");
            assertThat(uri.manufacturer()).contains("Snake Oil, Inc.");
            assertThat(uri.serial()).contains("");
            assertThat(uri.id()).contains(new byte[] {
                0x69, (byte) 0x95, 0x3e, 0x5c, (byte) 0xf4, (byte) 0xbd, (byte) 0xec, (byte) 0x91
            });
        }

        @Test
        @DisplayName("a module by name and by path")
        void module() throws Exception {
            Pkcs11Uri uri = Pkcs11Uri.parse("pkcs11:object=my-sign-key;type=private?module-name=mypkcs11");

            assertThat(uri.moduleName()).contains("mypkcs11");
            assertThat(Pkcs11Uri.parse("pkcs11:?module-path=/mnt/libmypkcs11.so.1")
                            .modulePath())
                    .contains("/mnt/libmypkcs11.so.1");
        }

        @Test
        @DisplayName("a slot and a library never match: slots move")
        void slots() throws Exception {
            Pkcs11Uri uri = Pkcs11Uri.parse("pkcs11:slot-description=Sun%20Metaslot;library-version=1.2;slot-id=327");

            assertThat(uri.unmatchable()).containsExactly("slot-description", "library-version", "slot-id");
            assertThat(uri.matchesToken("a", "b", "c", "d")).isFalse();
        }

        @Test
        @DisplayName("a vendor's attributes are kept, and match nothing")
        void vendor() throws Exception {
            String text = "pkcs11:token=my-token;my_vendor-attr=val%3B1?vendor-query=a%26b";
            Pkcs11Uri uri = Pkcs11Uri.parse(text);

            assertThat(uri.text("my_vendor-attr")).contains("val;1");
            assertThat(uri.queryText("vendor-query")).contains("a&b");
            assertThat(uri).hasToString(text);
            assertThat(uri.matchesToken("my-token", "", "", "")).isFalse();
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "pkcs12:token=a                 | 1  | must begin",
                "token=a                        | 1  | must begin",
                "pkcs11:token                   | 13 | '=' must follow",
                "pkcs11:=a                      | 8  | name of an attribute is missing",
                "pkcs11:token=my token          | 16 | %20",
                "pkcs11:token=a;                | 16 | missing after ';'",
                "pkcs11:;token=a                | 8  | name of an attribute is missing",
                "pkcs11:token=%4                | 14 | two hexadecimal digits",
                "pkcs11:token=%zz               | 14 | two hexadecimal digits",
                "pkcs11:token=a;token=b         | 16 | twice",
                "pkcs11:token=a/b               | 15 | %2F",
                "pkcs11:token=%ff%fe            | 8  | not UTF-8",
                "pkcs11:token=\u00e9            | 14 | UTF-8",
                "pkcs11:type=key                | 8  | private, public",
                "pkcs11:slot-id=one             | 8  | number",
                "pkcs11:library-version=x       | 8  | 1.4",
                "pkcs11:token=a?pin-source=f&   | 29 | missing after '&'",
                "pkcs11:token=a?pin-value=73901 | 16 | pin-source",
            })
    @DisplayName("what is wrong is said with its place")
    void wrong(String text, int character, String reason) {
        assertThatThrownBy(() -> Pkcs11Uri.parse(text))
                .isInstanceOf(Pkcs11UriException.class)
                .hasMessageStartingWith("PKCS#11 URI, character " + character + ":")
                .hasMessageContaining(reason)
                .hasMessageNotContaining("73901");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pkcs11:",
                "pkcs11:token=a;serial=;id=%01%FF;object=%C3%A9%25",
                "pkcs11:token=a?pin-source=file:/x?y|z",
                "pkcs11:object=a&b=c,d:e@f",
            })
    @DisplayName("what is in normal form comes out as it went in")
    void roundTrip(String text) throws Exception {
        assertThat(Pkcs11Uri.parse(text)).hasToString(text);
    }

    @Test
    @DisplayName("order and needless encoding do not matter to equality; the scheme may be in capitals")
    void normalised() throws Exception {
        Pkcs11Uri one = Pkcs11Uri.parse("PKCS11:object=%61b;token=c;id=a");

        assertThat(one).isEqualTo(Pkcs11Uri.parse("pkcs11:token=c;id=%61;object=ab"));
        assertThat(one).hasToString("pkcs11:token=c;id=%61;object=ab");
    }

    @Test
    @DisplayName("every byte survives in an id, every character in a label")
    void encoding() throws Exception {
        byte[] id = new byte[256];
        StringBuilder label = new StringBuilder("\u20ac\ud83d\ude00");
        for (int i = 0; i < id.length; i++) {
            id[i] = (byte) i;
            label.append((char) i);
        }
        Pkcs11Uri uri = Pkcs11Uri.parse(
                Pkcs11Uri.builder().id(id).object(label.toString()).build().toString());

        assertThat(uri.id()).contains(id);
        assertThat(uri.object()).contains(label.toString());
        assertThat(uri.toString().getBytes(StandardCharsets.US_ASCII)).doesNotContain((byte) '\n', (byte) ' ');
    }

    @Test
    @DisplayName("an attribute that is there must fit, one that is not fits everything")
    void matching() throws Exception {
        Pkcs11Uri uri = Pkcs11Uri.parse("pkcs11:token=t;serial=s;id=%01;type=cert");

        assertThat(uri.matchesToken("t", "any", "any", "s")).isTrue();
        assertThat(uri.matchesToken("t", "any", "any", "S")).isFalse();
        assertThat(uri.matchesKey(new byte[] {1}, "any")).isTrue();
        assertThat(uri.matchesKey(new byte[] {1, 0}, "any")).isFalse();
        assertThat(Pkcs11Uri.parse("pkcs11:type=data").matchesKey(new byte[0], ""))
                .isFalse();
        assertThat(uri.ofToken()).hasToString("pkcs11:token=t;serial=s");
    }
}
