package org.tokend.smime.mime;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/** A decrypted content as a mail, for programs that show mails. */
public final class RestoredMail {

    private RestoredMail() {}

    /** The payload as it is, but without the copy of its header in its text, which is for programs that cannot read it. */
    public static void writeContent(Source content, OutputStream out) throws IOException {
        LegacyDisplay.writeWithout(content, out);
    }

    /** The fields outside count only where the sender did not put them inside. */
    public static void write(Headers outer, Source content, OutputStream out) throws IOException {
        Optional<HeaderProtection> protection = HeaderProtection.of(content, outer);
        if (protection.isPresent()) {
            protection.get().around(outer).writeTo(out);
        } else {
            outer.writeMailFields(out);
        }
        LegacyDisplay.writeWithout(content, out);
    }
}
