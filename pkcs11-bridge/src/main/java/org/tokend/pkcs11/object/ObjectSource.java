package org.tokend.pkcs11.object;

import java.util.List;
import org.tokend.pkcs11.cryptoki.AttributeValues;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/** The objects of a token by handle, for somebody who reads them in one session. */
public interface ObjectSource {
    List<Long> find(long objectClass) throws CryptokiException;

    AttributeValues attributes(long handle, long... types) throws CryptokiException;
}
