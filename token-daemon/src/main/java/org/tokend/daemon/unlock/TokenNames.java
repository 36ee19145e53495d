package org.tokend.daemon.unlock;

import org.tokend.pkcs11.TokenIdentity;
import org.tokend.pkcs11.token.Token;
import org.tokend.pkcs11.uri.Pkcs11Uri;

/** Names tokens in messages and events: by URI. */
final class TokenNames {
    String of(Token token) {
        TokenIdentity identity = token.identity();
        return Pkcs11Uri.builder()
                .token(identity.label())
                .manufacturer(identity.manufacturer())
                .model(identity.model())
                .serial(identity.serial())
                .build()
                .toString();
    }
}
