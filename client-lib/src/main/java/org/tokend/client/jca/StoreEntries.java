package org.tokend.client.jca;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tokend.protocol.KeyDescription;

/** {@link KeyDescription} values → aliases with a key and a certificate chain each. */
final class StoreEntries {
    private static final int LONGEST_CHAIN = 16;
    private static final int SHOWN_FINGERPRINT = "sha256:".length() + 8;

    /** @param chain the key's certificate first; empty when the token has none for it */
    record Entry(TokenPrivateKey key, List<X509Certificate> chain) {}

    private final Clients clients;
    private final String purpose;
    private final CertificateFactory x509;
    /** Every certificate on every token, to build chains of. */
    private final Set<X509Certificate> known = new LinkedHashSet<>();

    StoreEntries(Clients clients, String purpose) throws CertificateException {
        this.clients = clients;
        this.purpose = purpose;
        this.x509 = CertificateFactory.getInstance("X.509");
    }

    Map<String, Entry> of(List<KeyDescription> keys) {
        Map<String, Integer> labels = new HashMap<>();
        Map<String, Integer> fingerprints = new HashMap<>();
        for (KeyDescription key : keys) {
            labels.merge(key.label(), 1, Integer::sum);
            fingerprints.merge(key.fingerprint(), 1, Integer::sum);
            known.addAll(certificates(key, key.certificates()));
            known.addAll(certificates(key, key.issuers()));
        }
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (KeyDescription key : keys) {
            boolean several = fingerprints.getOrDefault(key.fingerprint(), 1) > 1;
            KeyUse use = new KeyUse(clients, several ? key.uri() : key.fingerprint(), purpose);
            try {
                Entry entry = new Entry(TokenPrivateKey.of(use, key), chain(key));
                String alias = alias(key, labels.getOrDefault(key.label(), 1) > 1);
                entries.put(entries.containsKey(alias) ? alias + " " + key.uri() : alias, entry);
            } catch (GeneralSecurityException e) {
                // One key of a kind that this Java does not know must not hide the others.
                System.getLogger(StoreEntries.class.getName())
                        .log(System.Logger.Level.DEBUG, "Key {0} is left out: {1}", key.fingerprint(), e.getMessage());
            }
        }
        return entries;
    }

    /** The label where it is the only one, else the label and the beginning of the fingerprint. */
    private static String alias(KeyDescription key, boolean ambiguous) {
        String fingerprint = key.fingerprint();
        if (key.label().isBlank()) {
            return fingerprint;
        }
        return ambiguous
                ? key.label() + " " + fingerprint.substring(0, Math.min(SHOWN_FINGERPRINT, fingerprint.length()))
                : key.label();
    }

    private List<X509Certificate> certificates(KeyDescription key, List<byte[]> all) {
        List<X509Certificate> certificates = new ArrayList<>();
        for (byte[] encoded : all) {
            try {
                certificates.add((X509Certificate) x509.generateCertificate(new ByteArrayInputStream(encoded)));
            } catch (CertificateException e) {
                // Tokens carry certificates that do not parse; the key is of use without.
                System.getLogger(StoreEntries.class.getName())
                        .log(System.Logger.Level.DEBUG, "A certificate of {0} is left out", key.fingerprint());
            }
        }
        return certificates;
    }

    private List<X509Certificate> chain(KeyDescription key) {
        Date now = new Date();
        Comparator<X509Certificate> best = Comparator.comparing(
                        (X509Certificate c) -> !now.before(c.getNotBefore()) && !now.after(c.getNotAfter()))
                .thenComparing(X509Certificate::getNotAfter);
        List<X509Certificate> chain = new ArrayList<>();
        certificates(key, key.certificates()).stream().max(best).ifPresent(chain::add);
        while (!chain.isEmpty() && chain.size() < LONGEST_CHAIN) {
            X509Certificate issuer = issuer(chain.get(chain.size() - 1));
            if (issuer == null || chain.contains(issuer)) {
                break;
            }
            chain.add(issuer);
        }
        return List.copyOf(chain);
    }

    private @Nullable X509Certificate issuer(X509Certificate certificate) {
        for (X509Certificate candidate : known) {
            if (candidate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())) {
                try {
                    certificate.verify(candidate.getPublicKey());
                    return candidate;
                } catch (GeneralSecurityException e) {
                    // Another certificate authority of the same name.
                    continue;
                }
            }
        }
        return null;
    }
}
