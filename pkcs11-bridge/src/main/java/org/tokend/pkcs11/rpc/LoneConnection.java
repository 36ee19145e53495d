package org.tokend.pkcs11.rpc;

import org.tokend.pkcs11.linux.Crowd;

/** For the wire of one connection among several: quiet while requests come on this one only. */
public final class LoneConnection implements Company {
    private final Crowd crowd;
    private boolean alone;

    /** @param crowd shared by all connections */
    public LoneConnection(Crowd crowd) {
        this.crowd = crowd;
    }

    @Override
    public void enter() {
        alone = crowd.isOneFor(this);
    }

    @Override
    public boolean isQuiet() {
        return alone;
    }

    @Override
    public void leave() {}
}
