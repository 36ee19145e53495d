package org.tokend.pkcs11.key;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Several certificates for one key: the newest first, those that Java cannot read last. */
final class CertificateOrder {
    private CertificateOrder() {}

    static List<byte[]> bestFirst(List<byte[]> certificates) {
        if (certificates.size() < 2) {
            return List.copyOf(certificates);
        }
        return certificates.stream()
                .sorted(Comparator.comparingLong(CertificateOrder::notBefore).reversed())
                .toList();
    }

    private static long notBefore(byte @Nullable [] der) {
        try {
            X509Certificate certificate = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
            return certificate.getNotBefore().getTime();
        } catch (CertificateException e) {
            return Long.MIN_VALUE;
        }
    }
}
