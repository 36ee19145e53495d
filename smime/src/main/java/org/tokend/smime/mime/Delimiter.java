package org.tokend.smime.mime;

/** The lines that separate the parts of a multipart (RFC 2046 §5.1.1). */
final class Delimiter {

    private Delimiter() {}

    /** Length of what follows the boundary on the reader's line, or -1 where the line is no delimiter of it. */
    static int restAfter(byte[] boundary, LineReader in) {
        int rest = in.length() - boundary.length - 2;
        byte[] bytes = in.bytes();
        int at = in.offset();
        if (rest < 0 || bytes[at] != '-' || bytes[at + 1] != '-') {
            return -1;
        }
        for (int i = 0; i < boundary.length; i++) {
            if (bytes[at + 2 + i] != boundary[i]) {
                return -1;
            }
        }
        int from = at + 2 + boundary.length;
        int skip = rest >= 2 && bytes[from] == '-' && bytes[from + 1] == '-' ? 2 : 0;
        for (int i = skip; i < rest; i++) {
            if (bytes[from + i] != ' ' && bytes[from + i] != '\t') {
                return -1;
            }
        }
        return rest;
    }

    /** Whether the delimiter with this rest is the last one. */
    static boolean closes(int rest, LineReader in) {
        int from = in.offset() + in.length() - rest;
        return rest >= 2 && in.bytes()[from] == '-' && in.bytes()[from + 1] == '-';
    }
}
