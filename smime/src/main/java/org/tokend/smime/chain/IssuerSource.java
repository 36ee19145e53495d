package org.tokend.smime.chain;

import java.util.ArrayList;
import java.util.List;
import org.tokend.smime.certificate.CertificateFile;
import org.tokend.smime.certificate.CertificateLinks;
import org.tokend.smime.certificate.MailCertificate;
import org.tokend.smime.fetch.DocumentCache;
import org.tokend.smime.fetch.FetchBudget;
import org.tokend.smime.fetch.FetchProblem;
import org.tokend.smime.fetch.FetchResult;
import org.tokend.smime.fetch.Fetcher;

/**
 * Fetches the issuers that a certificate points to (RFC 5280 §4.2.2.1). What comes is a candidate for a link and never
 * trusted.
 */
public final class IssuerSource {

    private final Fetcher fetcher;
    private final DocumentCache cache;

    public IssuerSource(Fetcher fetcher, DocumentCache cache) {
        this.fetcher = fetcher;
        this.cache = cache;
    }

    /** What the addresses gave, and a line for each; whether the cache gave any of it. */
    record Found(List<MailCertificate> certificates, List<String> lines, boolean fromCache) {}

    /** @param fresh do not take what is in the cache: it did not lead to a root */
    Found issuersOf(MailCertificate certificate, boolean fresh, FetchBudget budget) {
        List<MailCertificate> found = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        boolean fromCache = false;
        for (String url : CertificateLinks.of(certificate).issuers()) {
            String key = "issuer " + url;
            byte[] document = fresh ? null : cache.find(key).orElse(null);
            fromCache |= document != null;
            if (document == null && cache.recentFailure(key).isPresent()) {
                lines.add(url + ": " + cache.recentFailure(key).get().meaning() + ", a moment ago");
                continue;
            }
            if (document == null) {
                FetchResult result = fetcher.get(url, budget);
                if (result instanceof FetchResult.Failed failed) {
                    lines.add(url + ": " + failed.text());
                    keepFailure(key, failed);
                    continue;
                }
                document = ((FetchResult.Got) result).content();
            }
            List<MailCertificate> read = CertificateFile.lenient(document);
            lines.add(url + ": " + (read.isEmpty() ? "holds no certificate" : read.size() + " certificate(s)"));
            if (!read.isEmpty()) {
                cache.keep(key, document);
                found.addAll(read);
            }
        }
        return new Found(found, lines, fromCache);
    }

    private void keepFailure(String key, FetchResult.Failed failed) {
        if (failed.problem() != FetchProblem.OFFLINE) {
            cache.keepFailure(key, failed.problem());
        }
    }
}
