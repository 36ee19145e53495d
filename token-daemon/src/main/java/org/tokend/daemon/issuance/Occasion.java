package org.tokend.daemon.issuance;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.tokend.daemon.access.KeyUse;
import org.tokend.pkcs11.KeyFingerprint;

/** A time for which a person lets one user's programs issue with one key, under a name that every record carries. Thread-safe. */
public final class Occasion {
    private final KeyFingerprint key;
    private final String name;
    private final int uid;
    private final Instant until;
    private final AtomicInteger certificates = new AtomicInteger();
    private final AtomicInteger lists = new AtomicInteger();

    /** @param name the opener's own words, printable */
    public Occasion(KeyFingerprint key, String name, int uid, Instant until) {
        this.key = key;
        this.name = name;
        this.uid = uid;
        this.until = until;
    }

    public KeyFingerprint key() {
        return key;
    }

    public String name() {
        return name;
    }

    int uid() {
        return uid;
    }

    public Instant until() {
        return until;
    }

    /** Something was signed. */
    public void count(KeyUse.What what) {
        (what == KeyUse.What.CERTIFICATE ? certificates : lists).incrementAndGet();
    }

    /** For the record of its end. */
    public String summary() {
        return "certificates=" + certificates.get() + " lists=" + lists.get();
    }
}
