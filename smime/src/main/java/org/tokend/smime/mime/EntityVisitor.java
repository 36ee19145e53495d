package org.tokend.smime.mime;

import java.io.IOException;

/** Hears what {@link EntityWalker} finds, in the order of the mail. */
interface EntityVisitor {

    /** The header of a part and the empty line after it. */
    void header(Headers headers, PartType type) throws IOException;

    /** A leaf begins. Its bytes follow by {@link #content} and {@link #lineBreak}, until {@link #endLeaf}. */
    void beginLeaf(PartType type) throws IOException;

    void content(byte[] bytes, int offset, int length) throws IOException;

    /** Whether {@link #content} must not have line breaks in it. */
    default boolean needsLines() {
        return true;
    }

    /** Plain lines (see {@link PlainLines}), CRLF between them; the last break follows by {@link #lineBreak}. */
    default void lines(byte[] bytes, int offset, int length, int count) throws IOException {
        int start = offset;
        for (int i = offset; i < offset + length; i++) {
            if (bytes[i] == '\r') {
                content(bytes, start, i - start);
                lineBreak(LineReader.Ending.CRLF);
                start = i + 2;
            }
        }
        content(bytes, start, offset + length - start);
    }

    void lineBreak(LineReader.Ending ending) throws IOException;

    void endLeaf() throws IOException;

    /** Bytes that are part of the structure: preambles, delimiters, epilogues, sealed parts. */
    void structure(byte[] bytes, int offset, int length) throws IOException;

    void structureLineBreak() throws IOException;
}
