package org.tokend.smime.mime;

import java.io.IOException;

/** Hears what {@link EntityWalker} finds, in the order of the mail. */
interface EntityVisitor {

    /** The header of a part and the empty line after it. */
    void header(Headers headers, PartType type) throws IOException;

    /** A leaf begins. Its bytes follow by {@link #content} and {@link #lineBreak}, until {@link #endLeaf}. */
    void beginLeaf(PartType type) throws IOException;

    void content(byte[] bytes, int offset, int length) throws IOException;

    void lineBreak(LineReader.Ending ending) throws IOException;

    void endLeaf() throws IOException;

    /** Bytes that are part of the structure: preambles, delimiters, epilogues, sealed parts. */
    void structure(byte[] bytes, int offset, int length) throws IOException;

    void structureLineBreak() throws IOException;
}
