package org.tokend.smime.cms;

import java.io.IOException;
import java.util.List;
import org.tokend.protocol.KeyDescription;
import org.tokend.protocol.Sign;
import org.tokend.protocol.UnwrapContentKey;

/** What S/MIME asks of tokend, and all that it asks. */
public interface TokenKeys {

    /** Never prompts. */
    List<KeyDescription> list() throws IOException;

    byte[] sign(Sign request) throws IOException;

    byte[] unwrapContentKey(UnwrapContentKey request) throws IOException;
}
