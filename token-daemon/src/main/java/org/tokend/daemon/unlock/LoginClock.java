package org.tokend.daemon.unlock;

import org.tokend.pkcs11.linux.BootClock;

/** The two clocks that logins are timed with; neither can be set by anybody. */
public interface LoginClock {
    /** The machine's. */
    LoginClock SYSTEM = new LoginClock() {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public long bootNanos() {
            return BootClock.nanos();
        }
    };

    /** Stands still while the machine sleeps. */
    long nanos();

    /** Goes on while the machine sleeps. */
    long bootNanos();
}
