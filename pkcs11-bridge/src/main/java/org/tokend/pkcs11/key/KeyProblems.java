package org.tokend.pkcs11.key;

import java.util.Collection;
import java.util.HexFormat;
import java.util.stream.Collectors;
import org.tokend.pkcs11.TokenIdentity;

/** Why a key must not be used: what is wrong, where, and what to do about it. */
record KeyProblems(TokenIdentity token) {
    /** Of thousands of keys that may stand under one CKA_ID. */
    private static final int SHOWN = 3;

    String foreignCertificate(byte[] id, PublicKeyInfo certified, PublicKeyInfo key) {
        return ("The certificate under CKA_ID %s on the token %s belongs to the key %s, but the key under that CKA_ID is"
                        + " %s: replace the certificate, or give it the CKA_ID of its own key.")
                .formatted(HexFormat.of().formatHex(id), token, certified, key);
    }

    String noPublicHalf(PrivateKeyObject object) {
        return ("The token %s does not tell the public key of the private key with CKA_ID %s and label \"%s\": import its"
                        + " certificate or its public key under the same CKA_ID.")
                .formatted(token, HexFormat.of().formatHex(object.id()), object.label());
    }

    String nothingFits(PrivateKeyObject object, Collection<PublicKeyInfo> others) {
        return ("Nothing under CKA_ID %s on the token %s has been shown to fit the private key there (label \"%s\"):"
                        + " certificate or public key belong to %s. Import the certificate of the right key.")
                .formatted(
                        HexFormat.of().formatHex(object.id()),
                        token,
                        object.label(),
                        others.stream()
                                        .limit(SHOWN)
                                        .map(PublicKeyInfo::toString)
                                        .collect(Collectors.joining(", "))
                                + (others.size() > SHOWN ? " and " + (others.size() - SHOWN) + " more" : ""));
    }
}
