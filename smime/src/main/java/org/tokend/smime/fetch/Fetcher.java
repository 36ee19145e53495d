package org.tokend.smime.fetch;

/** Gets documents. Never throws for what the network does: that is an answer too. */
public interface Fetcher {

    FetchResult get(String url, FetchBudget budget);

    /** An OCSP request and its response (RFC 6960 appendix A.1). */
    FetchResult post(String url, String contentType, byte[] body, FetchBudget budget);

    /** Asks nobody: what is decided with it is decided from what is already here. */
    static Fetcher offline() {
        return new Fetcher() {
            @Override
            public FetchResult get(String url, FetchBudget budget) {
                return new FetchResult.Failed(FetchProblem.OFFLINE, "");
            }

            @Override
            public FetchResult post(String url, String contentType, byte[] body, FetchBudget budget) {
                return new FetchResult.Failed(FetchProblem.OFFLINE, "");
            }
        };
    }
}
