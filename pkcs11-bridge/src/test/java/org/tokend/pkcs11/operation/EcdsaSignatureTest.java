package org.tokend.pkcs11.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.HexFormat;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokend.pkcs11.key.Curve;
import org.tokend.pkcs11.key.Der;
import org.tokend.pkcs11.key.MalformedDerException;

class EcdsaSignatureTest {
    private static final BigInteger R = new BigInteger("1234567890abcdef", 16);
    private static final BigInteger S = new BigInteger("80", 16);
    private static final byte[] DER = Der.sequence(Der.integer(R), Der.integer(S));

    private static byte[] raw(int half) {
        return HexFormat.of().parseHex(("%0" + 2 * half + "x%0" + 2 * half + "x").formatted(R, S));
    }

    @ParameterizedTest
    @ValueSource(ints = {32, 31, 28})
    @DisplayName("r and s in full length, or cut short alike, become DER")
    void halves(int half) throws Exception {
        assertThat(EcdsaSignature.toDer(Curve.P256, raw(half))).isEqualTo(DER);
    }

    @Test
    @DisplayName("DER from the token stays DER")
    void der() throws Exception {
        assertThat(EcdsaSignature.toDer(Curve.P256, DER)).isEqualTo(DER);
        assertThat(EcdsaSignature.toDer(Curve.P521, DER)).isEqualTo(DER);
        assertThat(EcdsaSignature.toDer(Curve.P521, raw(66))).isEqualTo(DER);
    }

    @Test
    @DisplayName("what has r or s zero or too large, is loose DER or has an odd length is no signature")
    void refused() {
        byte[] order = new byte[64];
        byte[] n = Curve.P256.order().toByteArray();
        System.arraycopy(n, n.length - 32, order, 0, 32);
        order[63] = 1;
        byte[] loose = Der.sequence(new byte[] {2, 2, 0, 1}, Der.integer(BigInteger.ONE), new byte[] {5});

        for (byte[] signature : new byte[][] {new byte[64], order, loose, new byte[63], new byte[0], new byte[4096]}) {
            assertThatThrownBy(() -> EcdsaSignature.toDer(Curve.P256, signature))
                    .isInstanceOf(MalformedDerException.class);
        }
    }
}
