package org.tokend.smime.cms;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Bounds what a parser may read into memory: the parts before and after the content, but not the content. */
final class HeadLimit extends FilterInputStream {

    private final int bound;
    private long left;

    HeadLimit(InputStream in, int bound) {
        super(in);
        this.bound = bound;
        this.left = bound;
    }

    void lift() {
        left = Long.MAX_VALUE;
    }

    void renew() {
        left = bound;
    }

    @Override
    public int read() throws IOException {
        spend(1);
        return super.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int count = super.read(bytes, offset, (int) Math.min(length, Math.max(left, 1)));
        spend(Math.max(count, 0));
        return count;
    }

    private void spend(int count) throws IOException {
        left -= count;
        if (left < 0) {
            throw new IOException("a part of the message beside its content is longer than " + bound + " bytes");
        }
    }
}
