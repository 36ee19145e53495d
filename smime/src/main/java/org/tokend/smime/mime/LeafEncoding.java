package org.tokend.smime.mime;

/** How the body of a leaf is written so that no mail server on the way has a reason to touch it. */
enum LeafEncoding {
    /** It travels as it is. */
    KEEP(""),
    /** Plain ASCII under an "8bit" label: a server that knows only 7bit would rewrite it because of the label. */
    RELABEL("7bit"),
    QUOTED_PRINTABLE("quoted-printable"),
    /** Lines, mostly not ASCII: base64 over the canonical form. */
    BASE64_TEXT("base64"),
    /** No lines: base64 over the very bytes. */
    BASE64_BINARY("base64");

    private final String headerValue;

    LeafEncoding(String headerValue) {
        this.headerValue = headerValue;
    }

    String headerValue() {
        return headerValue;
    }
}
