package org.tokend.benchmarks.rig;

/** What clients ask for. */
public enum Operation {
    P256("p256", "P-256 signatures"),
    RSA("rsa", "RSA-2048 signatures"),
    DECRYPT("decrypt", "RSA-2048 decryptions");

    private final String wireName;
    private final String title;

    Operation(String wireName, String title) {
        this.wireName = wireName;
        this.title = title;
    }

    public String wireName() {
        return wireName;
    }

    public String title() {
        return title;
    }
}
