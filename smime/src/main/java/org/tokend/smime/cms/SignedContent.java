package org.tokend.smime.cms;

import java.io.IOException;
import java.io.InputStream;

/** A signed content that can be read again, because some signatures cover it directly. */
@FunctionalInterface
public interface SignedContent {
    InputStream open() throws IOException;
}
