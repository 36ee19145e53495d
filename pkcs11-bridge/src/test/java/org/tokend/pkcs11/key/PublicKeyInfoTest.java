package org.tokend.pkcs11.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tokend.fixtures.keys.TestCa;
import org.tokend.fixtures.keys.TestKey;

class PublicKeyInfoTest {

    @ParameterizedTest
    @EnumSource(TestKey.class)
    @DisplayName("a key comes out as the JDK encodes it, from its own bytes and from a certificate")
    void canonical(TestKey key) throws Exception {
        byte[] encoded = key.publicKey().getEncoded();
        byte[] certificate =
                TestCa.create().mail(key.publicKey(), "a@example.org").getEncoded();

        assertThat(PublicKeyInfo.parse(encoded).der()).isEqualTo(encoded);
        assertThat(PublicKeyInfo.ofCertificate(certificate)).isEqualTo(PublicKeyInfo.parse(encoded));
    }

    @Test
    @DisplayName("an RSA key is the same with leading zeros, and under the OID of RSASSA-PSS")
    void rsaForms() throws Exception {
        RSAPublicKey key = (RSAPublicKey) TestKey.RSA_2048_A.publicKey();
        byte[] padded = new byte[300];
        byte[] modulus = key.getModulus().toByteArray();
        System.arraycopy(modulus, 0, padded, 300 - modulus.length, modulus.length);
        PublicKeyInfo info = PublicKeyInfo.rsa(new BigInteger(1, padded), key.getPublicExponent());
        String pss = HexFormat.of().formatHex(info.der()).replace("06092a864886f70d010101", "06092a864886f70d01010a");

        assertThat(info.der()).isEqualTo(key.getEncoded());
        assertThat(info.bits()).isEqualTo(2048);
        assertThat(PublicKeyInfo.parse(HexFormat.of().parseHex(pss))).isEqualTo(info);
    }

    @Test
    @DisplayName("a compressed point is the same key")
    void compressed() throws Exception {
        for (TestKey test : new TestKey[] {TestKey.P256_A, TestKey.P256_B, TestKey.P384, TestKey.P521}) {
            PublicKeyInfo key = PublicKeyInfo.parse(test.publicKey().getEncoded());
            byte[] point = key.point();
            byte[] compressed = Arrays.copyOf(point, (point.length + 1) / 2);
            compressed[0] = (byte) (2 + (point[point.length - 1] & 1));

            assertThat(PublicKeyInfo.ec(Curve.of(key.type()).orElseThrow(), compressed))
                    .isEqualTo(key);
        }
    }

    @Test
    @DisplayName("points off the curve, at infinity, too large or too short are refused")
    void badPoints() {
        byte[] good = new byte[65];
        good[0] = 4;
        byte[] large = new byte[65];
        Arrays.fill(large, (byte) 0xff);
        large[0] = 4;

        for (byte[] point : new byte[][] {good, large, {0}, {}, new byte[64], Arrays.copyOf(large, 33)}) {
            assertThatThrownBy(() -> PublicKeyInfo.ec(Curve.P256, point)).isInstanceOf(MalformedDerException.class);
        }
    }

    @Test
    @DisplayName("cut or altered bytes are refused and nothing worse happens")
    void garbage() {
        for (TestKey test : TestKey.values()) {
            byte[] encoded = test.publicKey().getEncoded();
            for (int length = 0; length < encoded.length; length++) {
                byte[] cut = Arrays.copyOf(encoded, length);
                assertThatThrownBy(() -> PublicKeyInfo.parse(cut)).isInstanceOf(MalformedDerException.class);
            }
            assertThatThrownBy(() -> PublicKeyInfo.parse(Arrays.copyOf(encoded, encoded.length + 1)))
                    .isInstanceOf(MalformedDerException.class);
        }
    }

    static Stream<Arguments> points() throws Exception {
        Stream.Builder<Arguments> points = Stream.builder();
        for (TestKey test : new TestKey[] {TestKey.P256_A, TestKey.P384, TestKey.P521, TestKey.ED25519}) {
            PublicKeyInfo key = PublicKeyInfo.parse(test.publicKey().getEncoded());
            Curve curve = Curve.of(key.type()).orElseThrow();
            byte[] raw = curve.edwards()
                    ? Arrays.copyOfRange(key.der(), key.der().length - 32, key.der().length)
                    : key.point();
            points.add(Arguments.of(curve, "raw", raw, key));
            points.add(Arguments.of(curve, "OCTET STRING", Der.octetString(raw), key));
            points.add(Arguments.of(curve, "BIT STRING", Der.bitString(raw), key));
        }
        return points.build();
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("points")
    @DisplayName("CKA_EC_POINT is understood in every wrapping")
    void wrappings(Curve curve, String wrapping, byte[] value, PublicKeyInfo key) throws Exception {
        assertThat(PublicKeyInfo.ec(curve, EcPointAttribute.unwrap(curve, value)))
                .isEqualTo(key);
    }

    @Test
    @DisplayName("a raw point that begins like an OCTET STRING is taken as it is: its length says so")
    void looksLikeDer() throws Exception {
        byte[] raw = new byte[32];
        raw[0] = 0x04;
        raw[1] = 0x1e;

        assertThat(EcPointAttribute.unwrap(Curve.ED25519, raw)).isEqualTo(raw);
    }

    @Test
    @DisplayName("a wrapping with something behind it, or of another length, is refused")
    void badWrappings() {
        byte[] longer = Arrays.copyOf(Der.octetString(new byte[65]), 68);
        byte[] wrongInside = Der.octetString(new byte[65]);
        wrongInside[1] = 64;

        for (byte[] value : new byte[][] {longer, wrongInside, {}, new byte[66]}) {
            assertThatThrownBy(() -> EcPointAttribute.unwrap(Curve.P256, value))
                    .isInstanceOf(MalformedDerException.class);
        }
    }

    @Test
    @DisplayName("curves are known by OID and by name")
    void curves() {
        byte[] name = "\023\014edwards25519".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        assertThat(Curve.ofParameters(name)).contains(Curve.ED25519);
        assertThat(Curve.ofParameters(HexFormat.of().parseHex("06032b6570"))).contains(Curve.ED25519);
        assertThat(Curve.ofParameters(HexFormat.of().parseHex("06092b06010401da470f01")))
                .contains(Curve.ED25519);
        assertThat(Curve.ofParameters(HexFormat.of().parseHex("06052b8104000a")))
                .isEmpty(); // secp256k1
        assertThat(Curve.ofParameters(new byte[0])).isEmpty();
    }
}
