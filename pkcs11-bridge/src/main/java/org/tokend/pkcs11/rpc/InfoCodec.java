package org.tokend.pkcs11.rpc;

import org.tokend.pkcs11.cryptoki.MechanismInfo;
import org.tokend.pkcs11.cryptoki.ModuleInfo;
import org.tokend.pkcs11.cryptoki.SessionInfo;
import org.tokend.pkcs11.cryptoki.SlotInfo;
import org.tokend.pkcs11.cryptoki.TokenInfo;
import org.tokend.pkcs11.cryptoki.Version;

/** The information structures to bytes and back; widths of the texts are those of the C structures (PKCS#11 v3.1 §3). */
final class InfoCodec {
    private static final int SHORT_TEXT = 16;
    static final int TEXT = 32;
    private static final int LONG_TEXT = 64;

    private InfoCodec() {}

    private static void write(MessageWriter out, Version version) throws WireFormatException {
        out.u8(version.major()).u8(version.minor());
    }

    private static Version version(MessageReader in) throws WireFormatException {
        return new Version(in.u8(), in.u8());
    }

    static void write(MessageWriter out, ModuleInfo info) throws WireFormatException {
        write(out, info.cryptokiVersion());
        out.text(info.manufacturer(), TEXT).u64(info.flags()).text(info.libraryDescription(), TEXT);
        write(out, info.libraryVersion());
    }

    static ModuleInfo moduleInfo(MessageReader in) throws WireFormatException {
        return new ModuleInfo(version(in), in.text(TEXT), in.u64(), in.text(TEXT), version(in));
    }

    static void write(MessageWriter out, SlotInfo info) throws WireFormatException {
        out.text(info.description(), LONG_TEXT).text(info.manufacturer(), TEXT).u64(info.flags());
        write(out, info.hardwareVersion());
        write(out, info.firmwareVersion());
    }

    static SlotInfo slotInfo(MessageReader in) throws WireFormatException {
        return new SlotInfo(in.text(LONG_TEXT), in.text(TEXT), in.u64(), version(in), version(in));
    }

    static void write(MessageWriter out, TokenInfo info) throws WireFormatException {
        out.text(info.label(), TEXT).text(info.manufacturer(), TEXT);
        out.text(info.model(), SHORT_TEXT).text(info.serial(), SHORT_TEXT);
        out.u64(info.flags()).u64(info.maxSessionCount()).u64(info.sessionCount());
        out.u64(info.maxRwSessionCount()).u64(info.rwSessionCount());
        out.u64(info.maxPinLength()).u64(info.minPinLength());
        out.u64(info.totalPublicMemory()).u64(info.freePublicMemory());
        out.u64(info.totalPrivateMemory()).u64(info.freePrivateMemory());
        write(out, info.hardwareVersion());
        write(out, info.firmwareVersion());
        out.text(info.utcTime(), SHORT_TEXT);
    }

    static TokenInfo tokenInfo(MessageReader in) throws WireFormatException {
        return new TokenInfo(
                in.text(TEXT),
                in.text(TEXT),
                in.text(SHORT_TEXT),
                in.text(SHORT_TEXT),
                in.u64(),
                in.u64(),
                in.u64(),
                in.u64(),
                in.u64(),
                in.u64(),
                in.u64(),
                in.u64(),
                in.u64(),
                in.u64(),
                in.u64(),
                version(in),
                version(in),
                in.text(SHORT_TEXT));
    }

    static void write(MessageWriter out, MechanismInfo info) throws WireFormatException {
        out.u64(info.minKeySize()).u64(info.maxKeySize()).u64(info.flags());
    }

    static MechanismInfo mechanismInfo(MessageReader in) throws WireFormatException {
        return new MechanismInfo(in.u64(), in.u64(), in.u64());
    }

    static void write(MessageWriter out, SessionInfo info) throws WireFormatException {
        out.u64(info.slot()).u64(info.state()).u64(info.flags()).u64(info.deviceError());
    }

    static SessionInfo sessionInfo(MessageReader in) throws WireFormatException {
        return new SessionInfo(in.u64(), in.u64(), in.u64(), in.u64());
    }
}
