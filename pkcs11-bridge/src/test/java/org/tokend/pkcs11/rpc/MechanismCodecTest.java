package org.tokend.pkcs11.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.tokend.pkcs11.cryptoki.CKG;
import org.tokend.pkcs11.cryptoki.CKM;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.Mechanism;

class MechanismCodecTest {
    private static final String PSS = "0000000000000250 0000000000000002 0000000000000020";
    private static final Mechanism SIGN_PSS =
            new Mechanism(CKM.RSA_PKCS_PSS, new Mechanism.Pss(CKM.SHA256, CKG.MGF1_SHA256, 32));

    private static String written(Dialect dialect, Mechanism mechanism) throws WireFormatException {
        try (MessageWriter out = new MessageWriter()) {
            new MechanismCodec(dialect).write(out, mechanism);
            return HexFormat.of().formatHex(out.written().toArray(ValueLayout.JAVA_BYTE));
        }
    }

    private static MessageReader reader(String bytes) {
        MemorySegment memory = MemorySegment.ofArray(WireText.bytes(bytes));
        return new MessageReader(memory, 0, memory.byteSize());
    }

    private static Mechanism read(Dialect dialect, String bytes) throws WireFormatException {
        return Objects.requireNonNull(new MechanismCodec(dialect).read(reader(bytes), 0));
    }

    @Test
    @DisplayName("The dialects write a mechanism without parameter and one with in their own ways")
    void captured() throws WireFormatException {
        Mechanism ecdsa = Mechanism.of(CKM.ECDSA);
        assertThat(written(Dialect.A, ecdsa)).isEqualTo(Conversation.hex("00001041 ffffffff"));
        assertThat(written(Dialect.B, ecdsa)).isEqualTo(Conversation.hex("00001041"));
        assertThat(written(Dialect.A, SIGN_PSS)).isEqualTo(Conversation.hex("0000000d " + PSS));
        assertThat(written(Dialect.B, SIGN_PSS)).isEqualTo(Conversation.hex("0000000d 01 " + PSS));
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    @DisplayName("All structures come back as they were sent")
    void roundTrip(Dialect dialect) throws WireFormatException {
        Mechanism[] mechanisms = {
            SIGN_PSS,
            new Mechanism(CKM.SHA3_256_RSA_PKCS_PSS, new Mechanism.Pss(1, 2, 3)),
            new Mechanism(CKM.AES_CTR, new Mechanism.Counter(32, new byte[16])),
            new Mechanism(CKM.SHA256_HMAC_GENERAL, new Mechanism.Number(16)),
            Mechanism.of(CKM.EDDSA),
            Mechanism.of(CKM.RSA_PKCS),
        };
        for (Mechanism mechanism : mechanisms) {
            if (mechanism.parameter() instanceof Mechanism.Counter) {
                assertThat(read(dialect, written(dialect, mechanism)).parameter())
                        .usingRecursiveComparison()
                        .isEqualTo(mechanism.parameter());
            } else {
                assertThat(read(dialect, written(dialect, mechanism))).isEqualTo(mechanism);
            }
        }
        Mechanism[] withArrays = {
            new Mechanism(CKM.RSA_PKCS_OAEP, new Mechanism.Oaep(1, 2, new byte[] {3})),
            new Mechanism(CKM.RSA_PKCS_OAEP, new Mechanism.Oaep(1, 2, new byte[0])),
            new Mechanism(CKM.ECDH1_DERIVE, new Mechanism.Ecdh1(1, new byte[0], new byte[] {4, 5})),
            new Mechanism(CKM.ECDH1_COFACTOR_DERIVE, new Mechanism.Ecdh1(1, new byte[] {1}, new byte[] {4, 5})),
            new Mechanism(CKM.AES_GCM, new Mechanism.Gcm(new byte[12], 96, new byte[] {1}, 128)),
            new Mechanism(CKM.AES_CBC, new Mechanism.Bytes(new byte[16])),
            new Mechanism(CKM.DES3_CBC_PAD, new Mechanism.Bytes(new byte[8])),
            new Mechanism(0x8000_1234L, new Mechanism.Bytes(new byte[] {1, 2})),
        };
        for (Mechanism mechanism : withArrays) {
            assertThat(read(dialect, written(dialect, mechanism)))
                    .usingRecursiveComparison()
                    .isEqualTo(mechanism);
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "B, ffffffff 0000000000000003",
        "A, ffffffff 0000000000000003",
        "A, 00000000 0000000000000003",
    })
    @DisplayName("A NULL mechanism is recognised as clients from 0.25.0 on write it")
    void nullMechanism(Dialect dialect, String bytes) throws WireFormatException {
        MessageReader in = reader(bytes);
        assertThat(new MechanismCodec(dialect).read(in, Long.BYTES)).isNull();
        assertThat(in.u64()).isEqualTo(3);
    }

    @Test
    @DisplayName("RSA_PKCS_KEY_PAIR_GEN, which is 0 too, is not taken for a NULL mechanism")
    void zeroMechanism() throws WireFormatException {
        assertThat(new MechanismCodec(Dialect.A).read(reader("00000000 ffffffff 00000000 00000000"), 8))
                .isEqualTo(Mechanism.of(CKM.RSA_PKCS_KEY_PAIR_GEN));
    }

    @Test
    @DisplayName("A missing parameter stays missing, and a needless one is dropped")
    void missing() throws WireFormatException {
        assertThat(read(Dialect.B, "0000000d 00")).isEqualTo(Mechanism.of(CKM.RSA_PKCS_PSS));
        assertThat(read(Dialect.A, "00001082 ffffffff")).isEqualTo(Mechanism.of(CKM.AES_CBC));
        assertThat(read(Dialect.A, "00001041 00000002 abcd")).isEqualTo(Mechanism.of(CKM.ECDSA));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "B, 00001082 01 00000008 0000000000000000",
        "A, 00001086 0000000000000020 00000001 00",
        "B, 00000009 01 0000000000000001 0000000000000001 0000000000000002 ffffffff",
    })
    @DisplayName("A parameter that cannot be right is CKR_MECHANISM_PARAM_INVALID")
    void wrongParameter(Dialect dialect, String bytes) {
        assertThatThrownBy(() -> read(dialect, bytes))
                .isInstanceOfSatisfying(
                        WireFormatException.class,
                        e -> assertThat(e.returnValue()).isEqualTo(CKR.MECHANISM_PARAM_INVALID));
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    @DisplayName("A mechanism whose parameter is not of its own kind is not sent")
    void notSent(Dialect dialect) {
        assertThatThrownBy(() -> written(dialect, new Mechanism(CKM.RSA_PKCS_PSS, new Mechanism.Number(1))))
                .isInstanceOf(WireFormatException.class);
        assertThatThrownBy(() -> written(dialect, new Mechanism(CKM.AES_CBC, new Mechanism.Bytes(new byte[15]))))
                .isInstanceOf(WireFormatException.class);
        assertThatThrownBy(() -> written(Dialect.A, Mechanism.of(CKM.RSA_PKCS_OAEP)))
                .isInstanceOf(WireFormatException.class);
    }
}
