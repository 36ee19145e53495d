package org.tokend.benchmarks.rig;

/** How the daemon is configured. */
public enum Setting {
    SHIPPED("", "host", true),
    UNVERIFIED(", V off", "host", false),
    IN_PROCESS(", in process", "none", true),
    IN_PROCESS_UNVERIFIED(", in process, V off", "none", false);

    private final String suffix;
    private final String isolation;
    private final boolean verifies;

    Setting(String suffix, String isolation, boolean verifies) {
        this.suffix = suffix;
        this.isolation = isolation;
        this.verifies = verifies;
    }

    /** What stands behind the name of a subject. */
    public String suffix() {
        return suffix;
    }

    String isolation() {
        return isolation;
    }

    boolean verifies() {
        return verifies;
    }
}
