package org.tokend.smime.fetch;

/** What came from an address, or why nothing came. */
public sealed interface FetchResult {

    record Got(byte[] content) implements FetchResult {}

    /** @param detail such as the HTTP status, may be empty */
    record Failed(FetchProblem problem, String detail) implements FetchResult {

        public String text() {
            return problem.meaning() + (detail.isEmpty() ? "" : " (" + detail + ")");
        }
    }
}
