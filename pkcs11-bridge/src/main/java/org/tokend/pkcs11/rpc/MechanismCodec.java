package org.tokend.pkcs11.rpc;

import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.Mechanism;
import org.tokend.pkcs11.cryptoki.Mechanism.Bytes;
import org.tokend.pkcs11.cryptoki.Mechanism.Counter;
import org.tokend.pkcs11.cryptoki.Mechanism.Ecdh1;
import org.tokend.pkcs11.cryptoki.Mechanism.Gcm;
import org.tokend.pkcs11.cryptoki.Mechanism.None;
import org.tokend.pkcs11.cryptoki.Mechanism.Oaep;
import org.tokend.pkcs11.cryptoki.Mechanism.Parameter;
import org.tokend.pkcs11.cryptoki.Mechanism.Pss;

/** Mechanisms to bytes and back, in one of the two dialects. */
record MechanismCodec(Dialect dialect) {
    /** The type that clients since 0.25.3 write for a NULL mechanism, which cancels an operation. */
    private static final int NULL_MECHANISM = 0xffff_ffff;

    private static final long CKZ_DATA_SPECIFIED = 1;

    void write(MessageWriter out, Mechanism mechanism) throws WireFormatException {
        ParameterEncoding encoding = ParameterEncoding.of(mechanism.type());
        out.u32(type(mechanism));
        boolean present = !(mechanism.parameter() instanceof None);
        switch (dialect) {
            case A -> {
                if (!present) {
                    refuseWhen(!encoding.mayBeNullArray(), "no parameter");
                    out.nullBytes();
                    return;
                }
            }
            case B -> {
                if (encoding == ParameterEncoding.NONE) {
                    return;
                }
                out.u8(present ? 1 : 0);
            }
        }
        if (present) {
            writeParameter(out, encoding, mechanism.parameter());
        }
    }

    private static int type(Mechanism mechanism) throws WireFormatException {
        refuseWhen(mechanism.type() >>> Integer.SIZE != 0, "a type of more than 32 bits");
        return (int) mechanism.type();
    }

    private static void refuseWhen(boolean refused, String what) throws WireFormatException {
        if (refused) {
            throw new WireFormatException("a mechanism with " + what, CKR.MECHANISM_PARAM_INVALID);
        }
    }

    private void writeParameter(MessageWriter out, ParameterEncoding encoding, Parameter parameter)
            throws WireFormatException {
        refuseWhen(!fits(encoding, parameter), "a parameter that is not its own");
        switch (parameter) {
            case None ignored -> {}
            case Pss p -> out.u64(p.hash()).u64(p.mgf()).u64(p.saltLength());
            case Oaep p -> {
                out.u64(p.hash()).u64(p.mgf()).u64(CKZ_DATA_SPECIFIED);
                writeOptional(out, p.label());
            }
            case Ecdh1 p -> {
                out.u64(p.kdf());
                writeOptional(out, p.sharedData());
                out.bytes(p.publicData());
            }
            case Counter p -> out.u64(p.counterBits()).bytes(p.block());
            case Gcm p -> {
                out.bytes(p.iv()).u64(p.ivBits());
                writeOptional(out, p.additionalData());
                out.u64(p.tagBits());
            }
            case Mechanism.Number p -> out.u64(p.value());
            case Bytes p -> out.bytes(p.value());
        }
    }

    private static void writeOptional(MessageWriter out, byte[] value) throws WireFormatException {
        if (value.length == 0) {
            out.nullBytes();
        } else {
            out.bytes(value);
        }
    }

    private boolean fits(ParameterEncoding encoding, Parameter parameter) {
        return switch (encoding) {
            case NONE -> dialect == Dialect.A && parameter instanceof Bytes;
            case PSS -> parameter instanceof Pss;
            case OAEP -> parameter instanceof Oaep;
            case ECDH1 -> parameter instanceof Ecdh1;
            case COUNTER -> parameter instanceof Counter;
            case GCM -> parameter instanceof Gcm;
            case NUMBER -> parameter instanceof Mechanism.Number;
            case IV_16 -> hasLength(16, parameter);
            case IV_8 -> hasLength(8, parameter);
            case RAW -> parameter instanceof Bytes;
        };
    }

    private static boolean hasLength(int length, Parameter parameter) {
        return parameter instanceof Bytes bytes && bytes.value().length == length;
    }

    /**
     * @param behind how many bytes the arguments behind the mechanism take at least
     * @return null for a NULL mechanism
     */
    @Nullable
    Mechanism read(MessageReader in, long behind) throws WireFormatException {
        int word = in.u32();
        if (word == NULL_MECHANISM) {
            return null;
        }
        long type = Integer.toUnsignedLong(word);
        ParameterEncoding encoding = ParameterEncoding.of(type);
        return switch (dialect) {
            case A -> {
                // 0.25.0 to 0.25.2 write a NULL mechanism as a lone 0, which is RSA_PKCS_KEY_PAIR_GEN too.
                if (word == 0 && in.remaining() <= behind) {
                    yield null;
                }
                yield new Mechanism(type, readOldParameter(in, encoding));
            }
            case B -> {
                if (encoding == ParameterEncoding.NONE) {
                    yield Mechanism.of(type);
                }
                yield new Mechanism(type, in.flag() ? readParameter(in, encoding) : new None());
            }
        };
    }

    private static Parameter readOldParameter(MessageReader in, ParameterEncoding encoding) throws WireFormatException {
        return switch (encoding) {
            case NONE -> {
                // A parameter where there is none is dropped, as p11-kit does.
                in.bytes();
                yield new None();
            }
            case RAW, IV_16, IV_8 -> {
                long start = in.position();
                if (in.bytes() == null) {
                    yield new None();
                }
                in.position(start);
                yield readParameter(in, encoding);
            }
            default -> readParameter(in, encoding);
        };
    }

    private static Parameter readParameter(MessageReader in, ParameterEncoding encoding) throws WireFormatException {
        return switch (encoding) {
            case NONE -> new None();
            case PSS -> new Pss(in.u64(), in.u64(), in.u64());
            case OAEP -> readOaep(in);
            case ECDH1 -> new Ecdh1(in.u64(), orEmpty(in.bytes()), orEmpty(in.bytes()));
            case COUNTER -> new Counter(in.u64(), exactly(16, in.bytes()));
            case GCM -> new Gcm(orEmpty(in.bytes()), in.u64(), orEmpty(in.bytes()), in.u64());
            case NUMBER -> new Mechanism.Number(in.u64());
            case IV_16 -> new Bytes(exactly(16, in.bytes()));
            case IV_8 -> new Bytes(exactly(8, in.bytes()));
            case RAW -> new Bytes(orEmpty(in.bytes()));
        };
    }

    private static Oaep readOaep(MessageReader in) throws WireFormatException {
        long hash = in.u64();
        long mgf = in.u64();
        long source = in.u64();
        byte[] label = orEmpty(in.bytes());
        refuseWhen(source != CKZ_DATA_SPECIFIED && (source != 0 || label.length > 0), "an unknown source of its label");
        return new Oaep(hash, mgf, label);
    }

    private static byte[] orEmpty(byte @Nullable [] value) {
        return value == null ? new byte[0] : value;
    }

    private static byte[] exactly(int length, byte @Nullable [] value) throws WireFormatException {
        if (value == null || value.length != length) {
            throw new WireFormatException(
                    "a mechanism whose block is not " + length + " bytes long", CKR.MECHANISM_PARAM_INVALID);
        }
        return value;
    }
}
