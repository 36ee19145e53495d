package org.tokend.smime.mime;

/** Whether bytes that arrive in pieces are well-formed UTF-8 (lead bytes and continuations; RFC 3629 §4). */
final class Utf8Check {

    private int awaited;
    private boolean broken;

    /** @param ascii how many at the start are known to be ASCII */
    void update(byte[] bytes, int offset, int ascii, int length) {
        int from = offset;
        if (ascii > 0) {
            broken |= awaited > 0;
            from += ascii;
        }
        for (int i = from; i < offset + length && !broken; i++) {
            int b = bytes[i] & 0xff;
            if (awaited > 0) {
                broken = (b & 0xc0) != 0x80;
                awaited--;
            } else if (b >= 0x80) {
                awaited = b >= 0xf0 ? 3 : b >= 0xe0 ? 2 : 1;
                broken = b < 0xc2 || b > 0xf4;
            }
        }
    }

    boolean valid() {
        return !broken && awaited == 0;
    }
}
