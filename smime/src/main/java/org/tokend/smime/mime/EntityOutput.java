package org.tokend.smime.mime;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Where an entity goes: in canonical form, and to a file beside that may keep LF. Lines that end with LF as they should in the file
 * are not made canonical for it only to be turned back.
 */
final class EntityOutput extends OutputStream {

    private final OutputStream canonical;
    private final @Nullable LineFeedOutput file;
    private final OutputStream all;
    private final LineFeeds lineFeeds = new LineFeeds();

    private EntityOutput(OutputStream canonical, @Nullable LineFeedOutput file) {
        this.canonical = canonical;
        this.file = file;
        this.all =
                new BufferedOutputStream(new KeepOpen(file == null ? canonical : new Both(file, canonical)), 1 << 16);
    }

    static EntityOutput of(OutputStream canonical) {
        return new EntityOutput(canonical, null);
    }

    static EntityOutput of(OutputStream canonical, OutputStream beside) {
        return beside instanceof LineFeedOutput file
                ? new EntityOutput(canonical, file)
                : new EntityOutput(new Both(beside, canonical), null);
    }

    @Override
    public void write(int b) throws IOException {
        all.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        all.write(bytes, offset, length);
    }

    /** Octets without CR, in which LF stands for CRLF. */
    void writeLineFeeds(byte[] bytes, int offset, int length) throws IOException {
        if (file == null) {
            lineFeeds.write(bytes, offset, length, all);
        } else {
            all.flush();
            file.writeLineFeeds(bytes, offset, length);
            lineFeeds.write(bytes, offset, length, canonical);
        }
    }

    @Override
    public void flush() throws IOException {
        all.flush();
    }
}
