package org.tokend.pkcs11.rpc;

/** What is refused before memory is given to it. */
final class WireBounds {
    /** Of one frame, header and options included. */
    static final int FRAME = 16 << 20;

    /** Output of one function, so that its reply fits into a frame. */
    static final int OUTPUT = FRAME - 1024;

    /** Clients put the name of their module here. */
    static final int OPTIONS = 4096;

    /** In one template, nested ones counted too. */
    static final int ATTRIBUTES = 1024;

    /** Of templates inside templates, as p11-kit since 0.26.3. */
    static final int DEPTH = 8;

    /** Of a list of slots, mechanisms or handles. */
    static final int LIST = 65_536;

    private WireBounds() {}
}
