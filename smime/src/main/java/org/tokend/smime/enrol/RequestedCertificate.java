package org.tokend.smime.enrol;

import java.util.List;
import javax.security.auth.x500.X500Principal;

/**
 * What a certificate is to say.
 *
 * @param addresses mail addresses, at least one; the first is the main one
 */
public record RequestedCertificate(X500Principal subject, List<String> addresses, Use use) {

    public enum Use {
        SIGN,
        ENCRYPT,
        BOTH
    }

    public RequestedCertificate {
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("a certificate for mail names a mail address; give one");
        }
        for (String address : addresses) {
            int at = address.lastIndexOf('@');
            if (at < 1 || at == address.length() - 1 || address.chars().anyMatch(c -> c <= ' ')) {
                throw new IllegalArgumentException(address + " is no mail address");
            }
        }
    }
}
