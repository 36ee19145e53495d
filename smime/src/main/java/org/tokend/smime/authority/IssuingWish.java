package org.tokend.smime.authority;

import java.util.List;

/**
 * What a CA adds to a request.
 *
 * @param days how long the certificate is valid
 * @param addresses that the operator has checked; for mail
 * @param authority for a CA below this one instead of a person
 * @param lists where its revocation list is fetched, http; may be empty
 * @param issuers where the CA's own certificate is fetched, http; may be empty
 */
public record IssuingWish(
        int days, List<String> addresses, boolean authority, List<String> lists, List<String> issuers) {

    /** CA/Browser Forum S/MIME Baseline Requirements §6.3.2. */
    public static final int LONGEST_DAYS = 825;

    public IssuingWish {
        addresses = List.copyOf(addresses);
        lists = List.copyOf(lists);
        issuers = List.copyOf(issuers);
    }
}
