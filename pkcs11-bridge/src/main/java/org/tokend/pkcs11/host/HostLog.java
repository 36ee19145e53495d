package org.tokend.pkcs11.host;

/** Hears what becomes of module hosts; for the log. Called on the thread on which it happens, must not block. */
public interface HostLog {
    HostLog NONE = new HostLog() {
        @Override
        public void started(String module, int pid) {}

        @Override
        public void ending(String module, String reason) {}

        @Override
        public void ended(String module, String how) {}
    };

    /** A host has loaded its module. */
    void started(String module, int pid);

    /** We end a host. */
    void ending(String module, String reason);

    /** A host has ended, or could not be started. */
    void ended(String module, String how);
}
