package org.tokend.pkcs11.operation;

import java.util.Set;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.ConnectionLostException;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/** One way to do something on a token; a token that refuses it is asked in the next way. */
public sealed interface Plan permits SignPlan, DecryptPlan, DerivePlan {

    /** Refusals of what was asked for. They say nothing about the token's health, and nothing has been done. */
    Set<Long> REFUSALS = Set.of(
            CKR.MECHANISM_INVALID,
            CKR.MECHANISM_PARAM_INVALID,
            CKR.FUNCTION_NOT_SUPPORTED,
            CKR.KEY_FUNCTION_NOT_PERMITTED,
            CKR.KEY_TYPE_INCONSISTENT,
            CKR.KEY_SIZE_RANGE);

    /** The same, from a function that has not seen the data yet. */
    Set<Long> REFUSALS_AT_INIT = Set.of(CKR.ARGUMENTS_BAD, CKR.ACTION_PROHIBITED);

    Set<Long> REFUSALS_OF_DERIVATION = Set.of(
            CKR.ARGUMENTS_BAD,
            CKR.TEMPLATE_INCOMPLETE,
            CKR.TEMPLATE_INCONSISTENT,
            CKR.ATTRIBUTE_READ_ONLY,
            CKR.ATTRIBUTE_TYPE_INVALID,
            CKR.ATTRIBUTE_VALUE_INVALID,
            CKR.DATA_INVALID,
            CKR.DATA_LEN_RANGE,
            CKR.DOMAIN_PARAMS_INVALID,
            CKR.PUBLIC_KEY_INVALID);

    String name();

    /** Whether the token refused this way of asking, so that another may be tried. */
    default boolean refusedBy(CryptokiException e) {
        if (e instanceof ConnectionLostException) {
            return false;
        }
        return REFUSALS.contains(e.returnValue())
                || e.function().endsWith("Init") && REFUSALS_AT_INIT.contains(e.returnValue())
                || e.function().equals("C_DeriveKey") && REFUSALS_OF_DERIVATION.contains(e.returnValue());
    }
}
