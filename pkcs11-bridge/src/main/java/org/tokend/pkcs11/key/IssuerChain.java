package org.tokend.pkcs11.key;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;

/**
 * The CA certificates that a token carries beside its keys: programs send them along with signatures. Put together by name
 * alone, because whoever trusts a chain checks it anyway.
 */
final class IssuerChain {
    private static final int LONGEST = 8;

    private final Map<X500Principal, List<Authority>> authorities = new HashMap<>();

    private record Authority(X509Certificate certificate, byte[] der) {}

    IssuerChain(List<PublicObject> certificates) {
        for (PublicObject object : certificates) {
            byte[] der = object.certificate();
            if (der != null) {
                parsed(der)
                        .filter(certificate -> certificate.getBasicConstraints() >= 0)
                        .ifPresent(authority -> authorities
                                .computeIfAbsent(authority.getSubjectX500Principal(), name -> new ArrayList<>())
                                .add(new Authority(authority, der)));
            }
        }
    }

    List<byte[]> above(List<byte[]> own) {
        if (authorities.isEmpty()) {
            return List.of();
        }
        List<Authority> found = new ArrayList<>();
        own.forEach(der -> parsed(der).ifPresent(leaf -> addIssuers(leaf, found)));
        for (int i = 0; i < found.size() && found.size() < LONGEST; i++) {
            addIssuers(found.get(i).certificate(), found);
        }
        return found.stream().map(Authority::der).toList();
    }

    private void addIssuers(X509Certificate subject, List<Authority> found) {
        X500Principal issuer = subject.getIssuerX500Principal();
        if (!issuer.equals(subject.getSubjectX500Principal())) {
            authorities.getOrDefault(issuer, List.of()).stream()
                    .filter(candidate ->
                            found.stream().noneMatch(each -> each.certificate().equals(candidate.certificate())))
                    .limit(LONGEST - found.size())
                    .forEach(found::add);
        }
    }

    private static Optional<X509Certificate> parsed(byte[] der) {
        try {
            return Optional.of((X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der)));
        } catch (CertificateException notOneThatJavaReads) {
            return Optional.empty();
        }
    }
}
