package org.tokend.protocol;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the daemon answers. All but {@link Event} and {@link SomeKeys} end the call. */
public sealed interface Reply {

    record Tokens(List<TokenDescription> tokens) implements Reply {}

    record Keys(List<KeyDescription> keys) implements Reply {}

    /** Keys of a list that goes on in the next answer and ends with {@link Keys}. */
    record SomeKeys(List<KeyDescription> keys) implements Reply {}

    /** @param signature RSA: big-endian, modulus length; ECDSA: DER SEQUENCE; Ed25519: R‖S */
    record Signature(byte[] signature) implements Reply {}

    record Plaintext(byte[] plaintext) implements Reply {}

    record ContentKey(byte[] contentKey) implements Reply {}

    /** @param sharedSecret the x-coordinate, padded to the field size */
    record SharedSecret(byte[] sharedSecret) implements Reply {}

    /** @param pkcs12 PFX, DER */
    record Pkcs12(byte[] pkcs12) implements Reply {}

    /**
     * @param sensitive the token never shows the private key in the clear
     * @param extractable the private key may leave the token, encrypted where it is sensitive
     * @param alwaysSensitive it has been sensitive for all its life
     * @param neverExtractable it has never been extractable
     * @param local it was made on the token, not imported
     */
    record Protection(
            boolean sensitive, boolean extractable, boolean alwaysSensitive, boolean neverExtractable, boolean local)
            implements Reply {}

    /** The call did what it says and has nothing to return. */
    record Done() implements Reply {}

    /**
     * @param version of tokend
     * @param pid of tokend
     * @param connections open now
     */
    record StatusReport(
            String version,
            long pid,
            Instant started,
            int connections,
            List<ModuleStatus> modules,
            List<TokenDescription> tokens)
            implements Reply {}

    /** @param problem why the module is not ready, or shows nothing though it is; or null */
    record ModuleStatus(
            String name,
            ModuleState state,
            long restarts,
            @Nullable String problem) {}

    enum ModuleState {
        STARTING,
        READY,
        FAILED
    }

    record ServiceInfo(String vendor, String product, String version, String url, List<String> interfaces)
            implements Reply {}

    record InterfaceDescription(String description) implements Reply {}

    /**
     * Something that happened while the call waits, or one item of a {@link Watch} stream.
     *
     * @param token URI of the token it is about, or null
     */
    record Event(Kind kind, @Nullable String token, String message, Instant time) implements Reply {
        public enum Kind {
            WATCHING,
            WAITING_FOR_PIN,
            USE_PIN_PAD,
            WAITING_FOR_TOUCH,
            TOKEN_INSERTED,
            TOKEN_REMOVED,
            TOKEN_UNLOCKED,
            TOKEN_LOCKED,
            PIN_REFUSED,
            MODULE_RESTARTED,
            WAITING_FOR_MODULE,
            /** An event of a newer tokend that this library has no name for; its message still says what happens. */
            OTHER;

            /** Lower case with hyphens, as in JSON. */
            public String wireName() {
                return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
            }
        }
    }

    /** @param message one sentence that names token and key by URI and says what to do next; never a PIN or data */
    record Failure(ErrorCode code, String message) implements Reply {}
}
