package org.tokend.smime.revocation;

import java.util.Optional;
import org.tokend.smime.fetch.DocumentCache;
import org.tokend.smime.fetch.FetchProblem;
import org.tokend.smime.fetch.FetchResult;
import org.tokend.smime.fetch.Fetcher;
import org.tokend.smime.policy.AlgorithmPolicy;
import org.tokend.smime.revocation.RevocationState.Cause;
import org.tokend.smime.revocation.RevocationState.Good;
import org.tokend.smime.revocation.RevocationState.Revoked;
import org.tokend.smime.revocation.RevocationState.Unknown;

/**
 * CRLs by address. One from the cache counts as long as its issuer said it would: its signature holds and its next update is
 * still to come. After that it counts no more, however unreachable the next one is.
 */
final class CrlSource {

    private final Fetcher fetcher;
    private final DocumentCache cache;
    private final CrlReader reader;

    CrlSource(Fetcher fetcher, DocumentCache cache, AlgorithmPolicy policy) {
        this.fetcher = fetcher;
        this.cache = cache;
        this.reader = new CrlReader(policy);
    }

    RevocationState ask(String url, Subject subject) {
        String key = "crl " + url;
        Optional<RevocationState> kept = cache.find(key).map(document -> reader.read(document, subject, url));
        if (kept.isPresent() && !kept.get().isUnknown()) {
            return kept.get();
        }
        Optional<FetchProblem> recent = cache.recentFailure(key);
        FetchResult result = recent.isPresent()
                ? new FetchResult.Failed(recent.get(), "a moment ago")
                : fetcher.get(url, subject.budget());
        if (result instanceof FetchResult.Failed failed) {
            return failed(key, failed, kept.orElse(null), url, recent.isEmpty());
        }
        byte[] document = ((FetchResult.Got) result).content();
        RevocationState state = reader.read(document, subject, url);
        if (state instanceof Good || state instanceof Revoked) {
            cache.keep(key, document);
        }
        return state;
    }

    private RevocationState failed(
            String key,
            FetchResult.Failed failed,
            @org.jspecify.annotations.Nullable RevocationState kept,
            String url,
            boolean fresh) {
        if (fresh && failed.problem() != FetchProblem.OFFLINE) {
            cache.keepFailure(key, failed.problem());
        }
        if (kept instanceof Unknown unknown && unknown.cause() == Cause.STALE) {
            return new Unknown(Cause.STALE, unknown.detail() + ", and the next one is not to be had: " + failed.text());
        }
        return new Unknown(
                failed.problem() == FetchProblem.OFFLINE ? Cause.OFFLINE : Cause.UNREACHABLE,
                url + ": " + failed.text());
    }
}
