package org.tokend.pkcs11.rpc;

import java.time.Duration;

/**
 * How long a call may take before its module host is given up.
 *
 * @param pinPad for calls during which somebody types a PIN at the token
 */
public record Deadlines(Duration ordinary, Duration login, Duration pinPad, Duration keyGeneration) {
    public static final Deadlines DEFAULT =
            new Deadlines(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofSeconds(90), Duration.ofMinutes(3));

    /** A deadline of its own for ordinary calls; the others are never shorter. */
    public Deadlines withOrdinary(Duration ordinary) {
        return new Deadlines(
                ordinary, longer(ordinary, login), longer(ordinary, pinPad), longer(ordinary, keyGeneration));
    }

    public Deadlines withLogin(Duration login) {
        return new Deadlines(ordinary, login, longer(login, pinPad), keyGeneration);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /** 0 is for ever. */
    long millis(CallClass kind) {
        return switch (kind) {
            case ORDINARY -> ordinary.toMillis();
            case LOGIN -> login.toMillis();
            case PIN_PAD -> pinPad.toMillis();
            case KEY_GENERATION -> keyGeneration.toMillis();
            case EVENT -> 0;
        };
    }
}
