package org.tokend.pkcs11.application;

import java.util.OptionalInt;
import org.tokend.pkcs11.cryptoki.CKF;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/** Which operation a function or a flag of C_SessionCancel is about. */
enum OperationKind {
    SEARCH(CKF.FIND_OBJECTS, Search.class),
    DECRYPT(CKF.DECRYPT, Decrypting.class),
    DIGEST(CKF.DIGEST, Digesting.class),
    SIGN(CKF.SIGN, Signing.class),
    VERIFY(CKF.VERIFY, Verifying.class),
    ENCRYPT(CKF.ENCRYPT, Encrypting.class);

    private final long flag;
    private final Class<? extends Operation> kind;

    OperationKind(long flag, Class<? extends Operation> kind) {
        this.flag = flag;
        this.kind = kind;
    }

    /** C_SessionCancel (PKCS#11 v3.1 §5.6.11); what is not active need not be cancelled. */
    static void cancel(Session session, long flags) {
        for (OperationKind each : values()) {
            if ((flags & each.flag) != 0) {
                session.end(each.kind);
            }
        }
    }

    /** @param function such as C_Sign: what a caller would be told who asks it with a NULL buffer */
    static OptionalInt outputBound(Session session, String function) throws CryptokiException {
        return switch (function) {
            case "C_Sign", "C_SignFinal" -> session.bound(Signing.class);
            case "C_Decrypt", "C_DecryptFinal" -> session.bound(Decrypting.class);
            case "C_Digest", "C_DigestFinal" -> session.bound(Digesting.class);
            case "C_Encrypt", "C_EncryptFinal" -> session.bound(Encrypting.class);
            case "C_EncryptUpdate" -> session.nothing(Encrypting.class);
            case "C_DecryptUpdate" -> session.nothing(Decrypting.class);
            default -> OptionalInt.empty();
        };
    }
}
