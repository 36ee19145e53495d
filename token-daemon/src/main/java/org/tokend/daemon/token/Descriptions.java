package org.tokend.daemon.token;

import java.util.AbstractList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.KeyAlgorithm;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.KeyType;
import org.tokend.pkcs11.PinTries;
import org.tokend.pkcs11.TokenIdentity;
import org.tokend.pkcs11.TokenState;
import org.tokend.pkcs11.token.Token;
import org.tokend.protocol.Algorithm;
import org.tokend.protocol.KeyDescription;
import org.tokend.protocol.TokenDescription;

/** Tokens and keys of the bridge in the words of the wire. */
public final class Descriptions {
    private Descriptions() {}

    /**
     * Never blocks.
     *
     * @param tries what flags and our own count say
     * @param problem why its keys could not be read, or null
     */
    public static TokenDescription of(Token token, int keys, TokenDescription.Tries tries, @Nullable String problem) {
        TokenIdentity identity = token.identity();
        TokenState state = token.state();
        return new TokenDescription(
                identity.uri().toString(),
                identity.label(),
                identity.manufacturer(),
                identity.model(),
                identity.serial(),
                token.module(),
                state(state),
                tries,
                token.pinPad(),
                keys,
                state instanceof TokenState.Failed failed ? failed.reason() : problem);
    }

    public static KeyDescription of(KeyDescriptor key) {
        return new KeyDescription(
                key.fingerprint().toString(),
                key.uri().toString(),
                key.token().uri().toString(),
                key.label(),
                HexFormat.of().formatHex(key.ckaId()),
                type(key.type()),
                key.bits(),
                curve(key.type()),
                key.publicKey(),
                key.certificates(),
                key.issuers(),
                algorithms(key.algorithms()),
                key.alwaysAuthenticate(),
                key.problem());
    }

    /** Each is made when it is asked for, and not kept: thousands would take megabytes for each program that asks. */
    public static List<KeyDescription> of(List<KeyDescriptor> keys) {
        return new AbstractList<>() {
            @Override
            public KeyDescription get(int index) {
                return of(keys.get(index));
            }

            @Override
            public int size() {
                return keys.size();
            }
        };
    }

    /** The bridge's algorithms carry the same names as the wire's; a test holds them together. */
    public static KeyAlgorithm algorithm(Algorithm algorithm) {
        return KeyAlgorithm.valueOf(algorithm.name());
    }

    private static Set<Algorithm> algorithms(Set<KeyAlgorithm> algorithms) {
        Set<Algorithm> result = EnumSet.noneOf(Algorithm.class);
        algorithms.forEach(algorithm -> result.add(Algorithm.valueOf(algorithm.name())));
        return result;
    }

    private static TokenDescription.State state(TokenState state) {
        return switch (state) {
            case TokenState.Absent absent -> TokenDescription.State.ABSENT;
            case TokenState.LoggedOut loggedOut ->
                loggedOut.tries() == PinTries.LOCKED
                        ? TokenDescription.State.PIN_LOCKED
                        : TokenDescription.State.LOCKED;
            case TokenState.LoggedIn loggedIn -> TokenDescription.State.UNLOCKED;
            case TokenState.NoLoginNeeded open -> TokenDescription.State.OPEN;
            case TokenState.Failed failed -> TokenDescription.State.FAILED;
        };
    }

    private static String type(KeyType type) {
        return switch (type) {
            case RSA -> "RSA";
            case P256, P384, P521 -> "EC";
            case ED25519 -> "Ed25519";
        };
    }

    private static @Nullable String curve(KeyType type) {
        return switch (type) {
            case P256 -> "P-256";
            case P384 -> "P-384";
            case P521 -> "P-521";
            case RSA, ED25519 -> null;
        };
    }
}
