package org.tokend.smime.mime;

import java.io.IOException;
import org.tokend.smime.mime.LineReader.Ending;

/** Hears what {@link EntityWalker} finds, in the order of the mail. */
interface EntityVisitor {

    /** The header of a part and the empty line after it. */
    void header(Headers headers, PartType type) throws IOException;

    /** A leaf begins. Its bytes follow by {@link #content} and {@link #lineBreak}, until {@link #endLeaf}. */
    void beginLeaf(PartType type) throws IOException;

    void content(byte[] bytes, int offset, int length) throws IOException;

    /** Whether {@link #content} must not have line breaks in it, and {@link #plainOctets} cannot be called. */
    default boolean needsLines() {
        return true;
    }

    /** Plain lines (see {@link PlainLines}), with that break between them; the last one follows by {@link #lineBreak}. */
    default void lines(byte[] bytes, int offset, int length, int count, Ending ending) throws IOException {
        int start = offset;
        for (int i = offset; i < offset + length; i++) {
            if (bytes[i] == '\n') {
                content(bytes, start, i + 1 - ending.octets() - start);
                lineBreak(ending);
                start = i + 1;
            }
        }
        content(bytes, start, offset + length - start);
    }

    /** Octets out of plain lines, not for those who need lines. */
    default void plainOctets(byte[] bytes, int offset, int length, Ending ending) throws IOException {
        throw new IllegalStateException("lines were asked for");
    }

    void lineBreak(Ending ending) throws IOException;

    void endLeaf() throws IOException;

    /** Bytes that are part of the structure: preambles, delimiters, epilogues, sealed parts. */
    void structure(byte[] bytes, int offset, int length) throws IOException;

    void structureLineBreak() throws IOException;
}
