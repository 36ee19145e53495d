package org.tokend.pkcs11.host;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what it hears. */
final class RememberingLog implements HostLog {
    private final List<Integer> pids = new CopyOnWriteArrayList<>();
    private final List<String> endings = new CopyOnWriteArrayList<>();

    @Override
    public void started(String module, int pid) {
        pids.add(pid);
    }

    @Override
    public void ending(String module, String reason) {
        endings.add("ending: " + reason);
    }

    @Override
    public void ended(String module, String how) {
        endings.add("ended: " + how);
    }

    /** Of all hosts so far, the newest last. */
    List<Integer> pids() {
        return pids;
    }

    int pid() {
        return pids.getLast();
    }

    List<String> endings() {
        return endings;
    }
}
