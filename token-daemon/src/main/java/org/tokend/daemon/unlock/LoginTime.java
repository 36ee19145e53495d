package org.tokend.daemon.unlock;

import java.time.Duration;
import java.util.Optional;

/** The times of one login. Thread-safe; never waits. */
final class LoginTime {
    /** More than the two clocks drift apart by being read one after the other. */
    private static final long SLEPT_NANOS = Duration.ofSeconds(2).toNanos();

    private final LoginClock clock;
    private final Duration idle;
    private final Duration absolute;
    private final long began;
    private final long asleepBefore;
    private volatile long used;

    LoginTime(LoginClock clock, Duration idle, Duration absolute) {
        this.clock = clock;
        this.idle = idle;
        this.absolute = absolute;
        this.began = clock.nanos();
        this.asleepBefore = clock.bootNanos() - clock.nanos();
        this.used = began;
    }

    void touch() {
        used = clock.nanos();
    }

    /** Why the login must end now, if it must. */
    Optional<String> over() {
        long now = clock.nanos();
        if (clock.bootNanos() - now - asleepBefore > SLEPT_NANOS) {
            return Optional.of("the machine slept");
        }
        if (now - began >= absolute.toNanos()) {
            return Optional.of("it was unlocked for " + text(absolute));
        }
        if (now - used >= idle.toNanos()) {
            return Optional.of("it was not used for " + text(idle));
        }
        return Optional.empty();
    }

    /** How long it holds if it is not used and the machine does not sleep. */
    Duration left() {
        long now = clock.nanos();
        long nanos = Math.min(absolute.toNanos() - (now - began), idle.toNanos() - (now - used));
        return Duration.ofNanos(Math.max(0, nanos));
    }

    private static String text(Duration duration) {
        return duration.toSeconds() % 60 == 0 ? duration.toMinutes() + " min" : duration.toSeconds() + " s";
    }
}
