package org.tokend.smime;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.cms.SignatureScheme;

/**
 * @param opaque the mail inside the signature (application/pkcs7-mime) instead of beside it (multipart/signed)
 * @param scheme null for what suits the key best
 * @param known CA certificates from which the chain is built
 * @param encryptTo the certificate that readers are asked to encrypt to, or null
 */
public record SigningOptions(
        boolean opaque,
        @Nullable SignatureScheme scheme,
        List<MailCertificate> known,
        @Nullable MailCertificate encryptTo) {

    public static final SigningOptions DEFAULT = new SigningOptions(false, null, List.of(), null);
}
