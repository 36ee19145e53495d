package org.tokend.smime.fetch;

/** Why nothing came from an address. */
public enum FetchProblem {
    /** Nobody was asked, because the caller wants no network. */
    OFFLINE("the network was not asked"),
    BAD_URL("the address is not a URL"),
    UNSUPPORTED_SCHEME("only http and https are fetched"),
    DNS("the name of the host is not known"),
    REFUSED("the host refuses the connection"),
    TIMEOUT("no answer within the time allowed"),
    TLS("the host's own certificate is not accepted"),
    PROXY("the proxy wants a login"),
    HTTP_STATUS("the host has no such document"),
    TOO_LARGE("the document is larger than allowed"),
    BROKEN("the connection broke");

    private final String meaning;

    FetchProblem(String meaning) {
        this.meaning = meaning;
    }

    public String meaning() {
        return meaning;
    }
}
