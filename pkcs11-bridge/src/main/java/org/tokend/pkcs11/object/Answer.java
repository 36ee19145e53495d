package org.tokend.pkcs11.object;

import org.tokend.pkcs11.cryptoki.Attribute;

/**
 * What a token says of one attribute of an object.
 *
 * @param returnValue CKR_OK, or why there is no value: CKR_ATTRIBUTE_SENSITIVE or CKR_ATTRIBUTE_TYPE_INVALID
 */
record Answer(Attribute attribute, long returnValue) {}
