package org.tokend.protocol;

/**
 * Takes one CMS RecipientInfo and returns only the content-encryption key in it. Answered by {@link Reply.ContentKey}.
 *
 * @param recipientInfo DER of one RecipientInfo (RFC 5652 §6.2), KeyTrans or KeyAgree
 * @param keyLength length in bytes of the content-encryption key that the content's algorithm declares
 */
public record UnwrapContentKey(String key, byte[] recipientInfo, int keyLength, String purpose)
        implements PrivateKeyRequest {
    @Override
    public String method() {
        return "org.tokend.Token.UnwrapContentKey";
    }
}
