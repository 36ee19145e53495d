package org.tokend.pkcs11.cryptoki;

import java.util.List;

/**
 * What C_GetAttributeValue answered (PKCS#11 v3.1 §5.7.5): the asked attributes in the asked order.
 *
 * @param returnValue CKR_OK, CKR_ATTRIBUTE_SENSITIVE or CKR_ATTRIBUTE_TYPE_INVALID; all three come with attributes
 */
public record AttributeValues(List<Attribute> attributes, long returnValue) {
    public Attribute get(long type) {
        for (Attribute attribute : attributes) {
            if (attribute.type() == type) {
                return attribute;
            }
        }
        return Attribute.unavailable(type);
    }
}
