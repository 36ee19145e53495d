package org.tokend.smime.cms;

import java.util.List;
import org.tokend.client.TokenClient;
import org.tokend.protocol.KeyDescription;
import org.tokend.protocol.Sign;
import org.tokend.protocol.UnwrapContentKey;

/** What S/MIME asks of tokend, and all that it asks. Throws {@link org.tokend.client.TokenClientException}. */
public interface TokenKeys {

    /** Never prompts. */
    List<KeyDescription> list();

    byte[] sign(Sign request);

    byte[] unwrapContentKey(UnwrapContentKey request);

    static TokenKeys of(TokenClient client) {
        return new TokenKeys() {
            @Override
            public List<KeyDescription> list() {
                return client.listKeys(null);
            }

            @Override
            public byte[] sign(Sign request) {
                return client.sign(request);
            }

            @Override
            public byte[] unwrapContentKey(UnwrapContentKey request) {
                return client.unwrapContentKey(request);
            }
        };
    }
}
