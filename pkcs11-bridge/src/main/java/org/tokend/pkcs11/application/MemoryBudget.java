package org.tokend.pkcs11.application;

import java.util.HashMap;
import java.util.Map;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/**
 * What all applications together may keep in the daemon's memory, in bytes. Those of one program get half of it, so that none can take what
 * the others need. Thread-safe.
 */
public final class MemoryBudget {
    private final long all;
    private final Map<String, Long> takenBy = new HashMap<>();
    private long taken;

    public MemoryBudget(long all) {
        this.all = all;
    }

    /** @param program the executable of an application */
    public Share share(String program) {
        return new Share(program);
    }

    /** The part of one application. */
    public final class Share {
        private final String program;

        private Share(String program) {
            this.program = program;
        }

        /** @throws CryptokiException CKR_HOST_MEMORY, and nothing is taken */
        void take(long bytes) throws CryptokiException {
            synchronized (MemoryBudget.this) {
                long its = takenBy.getOrDefault(program, 0L);
                if (bytes > all - taken || bytes > all / 2 - its) {
                    throw Refusal.of(CKR.HOST_MEMORY);
                }
                add(its, bytes);
            }
        }

        void giveBack(long bytes) {
            synchronized (MemoryBudget.this) {
                add(takenBy.getOrDefault(program, 0L), -bytes);
            }
        }

        /** Programs that keep nothing are not remembered. */
        private void add(long its, long bytes) {
            taken += bytes;
            if (its + bytes == 0) {
                takenBy.remove(program);
            } else {
                takenBy.put(program, its + bytes);
            }
        }
    }
}
