package org.tokend.pkcs11.application;

import static org.tokend.pkcs11.cryptoki.CKF.DECRYPT;
import static org.tokend.pkcs11.cryptoki.CKF.DERIVE;
import static org.tokend.pkcs11.cryptoki.CKF.DIGEST;
import static org.tokend.pkcs11.cryptoki.CKF.ENCRYPT;
import static org.tokend.pkcs11.cryptoki.CKF.GENERATE;
import static org.tokend.pkcs11.cryptoki.CKF.GENERATE_KEY_PAIR;
import static org.tokend.pkcs11.cryptoki.CKF.SIGN;
import static org.tokend.pkcs11.cryptoki.CKF.UNWRAP;
import static org.tokend.pkcs11.cryptoki.CKF.VERIFY;
import static org.tokend.pkcs11.cryptoki.CKF.WRAP;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.cryptoki.CKF;
import org.tokend.pkcs11.cryptoki.CKM;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.MechanismInfo;
import org.tokend.pkcs11.token.Token;

/** What the application is offered: what the token has, and is done here, and the gate lets it have. */
final class Mechanisms {
    /** CKF_HW and what is said about elliptic curves. */
    private static final long ABOUT_THE_TOKEN = CKF.HW
            | CKF.EC_F_P
            | CKF.EC_F_2M
            | CKF.EC_ECPARAMETERS
            | CKF.EC_OID
            | CKF.EC_UNCOMPRESS
            | CKF.EC_COMPRESS
            | CKF.EC_CURVENAME;

    private static final Map<Long, Long> USE = Map.ofEntries(
            Map.entry(CKM.RSA_PKCS, SIGN | VERIFY | ENCRYPT | DECRYPT),
            Map.entry(CKM.SHA1_RSA_PKCS, SIGN | VERIFY),
            Map.entry(CKM.SHA224_RSA_PKCS, SIGN | VERIFY),
            Map.entry(CKM.SHA256_RSA_PKCS, SIGN | VERIFY),
            Map.entry(CKM.SHA384_RSA_PKCS, SIGN | VERIFY),
            Map.entry(CKM.SHA512_RSA_PKCS, SIGN | VERIFY),
            Map.entry(CKM.RSA_PKCS_PSS, SIGN | VERIFY),
            Map.entry(CKM.SHA1_RSA_PKCS_PSS, VERIFY),
            Map.entry(CKM.SHA224_RSA_PKCS_PSS, VERIFY),
            Map.entry(CKM.SHA256_RSA_PKCS_PSS, SIGN | VERIFY),
            Map.entry(CKM.SHA384_RSA_PKCS_PSS, SIGN | VERIFY),
            Map.entry(CKM.SHA512_RSA_PKCS_PSS, SIGN | VERIFY),
            Map.entry(CKM.RSA_PKCS_OAEP, ENCRYPT | DECRYPT),
            Map.entry(CKM.ECDSA, SIGN | VERIFY),
            Map.entry(CKM.ECDSA_SHA1, SIGN | VERIFY),
            Map.entry(CKM.ECDSA_SHA224, SIGN | VERIFY),
            Map.entry(CKM.ECDSA_SHA256, SIGN | VERIFY),
            Map.entry(CKM.ECDSA_SHA384, SIGN | VERIFY),
            Map.entry(CKM.ECDSA_SHA512, SIGN | VERIFY),
            Map.entry(CKM.EDDSA, SIGN | VERIFY),
            Map.entry(CKM.ECDH1_DERIVE, DERIVE),
            Map.entry(CKM.MD5, DIGEST),
            Map.entry(CKM.SHA_1, DIGEST),
            Map.entry(CKM.SHA224, DIGEST),
            Map.entry(CKM.SHA256, DIGEST),
            Map.entry(CKM.SHA384, DIGEST),
            Map.entry(CKM.SHA512, DIGEST));

    /** For those who manage tokens, on top. */
    private static final Map<Long, Long> MANAGE = Map.of(
            CKM.RSA_PKCS_KEY_PAIR_GEN, GENERATE_KEY_PAIR,
            CKM.EC_KEY_PAIR_GEN, GENERATE_KEY_PAIR,
            CKM.EC_EDWARDS_KEY_PAIR_GEN, GENERATE_KEY_PAIR,
            CKM.AES_KEY_GEN, GENERATE,
            CKM.GENERIC_SECRET_KEY_GEN, GENERATE,
            CKM.RSA_PKCS, WRAP | UNWRAP,
            CKM.RSA_PKCS_OAEP, WRAP | UNWRAP,
            CKM.AES_KEY_WRAP, WRAP | UNWRAP,
            CKM.AES_KEY_WRAP_PAD, WRAP | UNWRAP);

    private final ApplicationGate gate;

    Mechanisms(ApplicationGate gate) {
        this.gate = gate;
    }

    long[] list(Token token) throws TokenException {
        return token.mechanisms().keySet().stream()
                .mapToLong(Long::longValue)
                .filter(type -> USE.containsKey(type) || MANAGE.containsKey(type))
                .filter(type -> isOffered(token, type))
                .sorted()
                .toArray();
    }

    private boolean isOffered(Token token, long type) {
        try {
            return offered(token, type) != null;
        } catch (TokenException e) {
            return false;
        }
    }

    MechanismInfo info(Token token, long type) throws TokenException, CryptokiException {
        MechanismInfo info = offered(token, type);
        if (info == null) {
            throw Refusal.of(CKR.MECHANISM_INVALID);
        }
        return info;
    }

    /** @param use CKF_SIGN and its like */
    void require(Token token, long type, long use) throws TokenException, CryptokiException {
        if ((info(token, type).flags() & use) == 0) {
            throw Refusal.of(CKR.MECHANISM_INVALID);
        }
    }

    private @Nullable MechanismInfo offered(Token token, long type) throws TokenException {
        MechanismInfo info = token.mechanisms().get(type);
        if (info == null) {
            return null;
        }
        long done = USE.getOrDefault(type, 0L) | (gate.mayManage() ? MANAGE.getOrDefault(type, 0L) : 0);
        long flags = info.flags() & done;
        return flags != 0 && gate.offers(token, type)
                ? new MechanismInfo(info.minKeySize(), info.maxKeySize(), info.flags() & (done | ABOUT_THE_TOKEN))
                : null;
    }
}
