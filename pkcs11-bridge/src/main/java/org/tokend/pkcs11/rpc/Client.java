package org.tokend.pkcs11.rpc;

/**
 * What the other end of a connection can read and write.
 *
 * @param version the agreed version byte
 * @param stock whether it is an application behind p11-kit's client, and not another part of ours
 */
record Client(int version, MechanismCodec mechanisms, boolean stock) {

    static Client ours(int version) {
        return new Client(version, new MechanismCodec(Dialect.ofVersion(version)), false);
    }

    static Client stock(int version) {
        return new Client(version, new MechanismCodec(Dialect.ofVersion(version)), true);
    }

    /** p11-kit up to 0.24.1 sends templates inside attributes and cannot receive any; modules get none of them at all. */
    boolean readsNestedTemplates() {
        return stock && version > 0;
    }

    /** Values of the type that it refuses without asking us. */
    boolean carries(long mechanism) {
        return !stock || ClientMechanisms.carries(version, mechanism);
    }
}
