package org.tokend.daemon.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.daemon.access.AccessPolicy;
import org.tokend.daemon.access.Caller;
import org.tokend.daemon.access.Front;
import org.tokend.daemon.access.KeyName;
import org.tokend.daemon.access.KeyRule;
import org.tokend.daemon.audit.AuditLog;
import org.tokend.daemon.event.EventBus;
import org.tokend.daemon.event.EventSink;
import org.tokend.daemon.rejection.DecryptBudget;
import org.tokend.daemon.rejection.Decryptor;
import org.tokend.daemon.rejection.RejectionSecrets;
import org.tokend.daemon.software.RecordingUnlock;
import org.tokend.daemon.software.SoftwareModule;
import org.tokend.daemon.software.SoftwareToken;
import org.tokend.daemon.token.ModuleWatch;
import org.tokend.daemon.token.SlotSink;
import org.tokend.daemon.token.TokenDirectory;
import org.tokend.daemon.token.TokenWorkers;
import org.tokend.daemon.verification.FastProvider;
import org.tokend.daemon.verification.SignatureVerifier;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.PinTries;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.TokenState;
import org.tokend.protocol.Algorithm;
import org.tokend.protocol.Decrypt;
import org.tokend.protocol.ErrorCode;
import org.tokend.protocol.KeyDescription;
import org.tokend.protocol.ListKeys;
import org.tokend.protocol.Reply;
import org.tokend.protocol.Request;
import org.tokend.protocol.Sign;
import org.tokend.protocol.Status;
import org.tokend.protocol.Unlock;

class DispatcherTest {
    private static final Caller CALLER =
            new Caller(1000, 1000, 42, "/usr/bin/mail", Caller.Sandbox.NONE, Front.VARLINK);
    private static final byte[] DIGEST = new byte[32];

    @TempDir
    Path directory;

    private final SoftwareToken token = new SoftwareToken("one");
    private final SoftwareToken other = new SoftwareToken("two");
    private final RecordingUnlock unlock = new RecordingUnlock();
    private KeyDescriptor key;
    private AuditLog audit;
    private Dispatcher dispatcher;
    private TokenDirectory tokens;

    @BeforeEach
    void start() throws IOException {
        key = token.add(TestKey.P256_A, "mail");
        wire(List.of());
    }

    private void wire(List<KeyRule> rules) throws IOException {
        audit = AuditLog.open(directory.resolve("audit"), Clock.systemUTC(), FastProvider.sha256());
        EventBus events = new EventBus();
        tokens = new TokenDirectory(List.of(
                new ModuleWatch(SoftwareModule.of(token), SoftwareModule.scanner(token), events, SlotSink.NONE),
                new ModuleWatch(SoftwareModule.of(other), SoftwareModule.scanner(other), events, SlotSink.NONE)));
        tokens.start(() -> true);
        tokens.awaitStart(EventSink.NONE);
        dispatcher = new Dispatcher(
                new Stages(
                        tokens,
                        new AccessPolicy(rules, List.of()),
                        unlock,
                        new TokenWorkers(2, 10, Duration.ofSeconds(5)),
                        new SignatureVerifier(),
                        new Decryptor(new RejectionSecrets(directory.resolve("rejection"))),
                        new DecryptBudget(2, System::nanoTime),
                        audit),
                new ServiceFacts("test", 1, Instant.EPOCH, () -> 0));
    }

    @AfterEach
    void stop() {
        tokens.close();
    }

    private Reply dispatch(Request request) {
        return dispatcher.dispatch(CALLER, request, EventSink.NONE);
    }

    private Reply sign(String name) {
        return dispatch(new Sign(name, Algorithm.ECDSA_SHA256, Sign.Kind.DIGEST, DIGEST, "a mail"));
    }

    private static ErrorCode code(Reply reply) {
        return ((Reply.Failure) reply).code();
    }

    private String lastAudit() throws IOException {
        return Files.readAllLines(directory.resolve("audit")).getLast();
    }

    @Test
    @DisplayName("A signature is proven possible, made, verified and recorded, in this order")
    void signs() throws Exception {
        Reply reply = sign(key.fingerprint().toString());
        assertThat(reply).isInstanceOf(Reply.Signature.class);
        assertThat(token.calls).containsExactly("provePossession", "sign");
        assertThat(unlock.calls).containsExactly("ensureUnlocked one", "touched one");
        assertThat(lastAudit())
                .contains("\"event\":\"sign\"", "\"outcome\":\"ok\"", "\"verified\":true", "\"purpose\":\"a mail\"")
                .contains(key.fingerprint().toString(), "/usr/bin/mail");
    }

    @Test
    @DisplayName("A signature that does not verify is not released, and the token distrusted")
    void wrongSignature() throws Exception {
        token.damage = signature -> {
            signature[signature.length - 1] ^= 1;
            return signature;
        };
        assertThat(code(sign("pkcs11:object=mail"))).isEqualTo(ErrorCode.WRONG_RESULT);
        assertThat(token.distrusted).hasSize(1);
        assertThat(lastAudit()).contains("\"outcome\":\"WrongResult\"").doesNotContain("verified");
    }

    @Test
    @DisplayName("Two keys of one name are an error that lists both")
    void ambiguous() {
        KeyDescriptor second = other.add(TestKey.P256_B, "mail");
        tokens.tokens();
        Reply reply = dispatchAfterRefresh("pkcs11:object=mail");
        assertThat(code(reply)).isEqualTo(ErrorCode.KEY_AMBIGUOUS);
        assertThat(((Reply.Failure) reply).message())
                .contains(key.fingerprint().toString(), second.fingerprint().toString());
        assertThat(unlock.calls).isEmpty();
    }

    private Reply dispatchAfterRefresh(String name) {
        try {
            tokens.refresh(other);
        } catch (TokenException e) {
            throw new AssertionError(e);
        }
        return sign(name);
    }

    @Test
    @DisplayName("A key that is not there is told so, and nobody is asked for a PIN")
    void notFound() {
        assertThat(code(sign("pkcs11:object=none"))).isEqualTo(ErrorCode.KEY_NOT_FOUND);
        assertThat(code(sign("sha256:" + "0".repeat(64)))).isEqualTo(ErrorCode.KEY_NOT_FOUND);
        assertThat(code(sign("mail"))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(unlock.calls).isEmpty();
    }

    @Test
    @DisplayName("A key on a token that was pulled is told so")
    void absent() {
        token.state = new TokenState.Absent();
        Reply reply = sign("pkcs11:object=mail");
        assertThat(code(reply)).isEqualTo(ErrorCode.TOKEN_NOT_FOUND);
        assertThat(((Reply.Failure) reply).message()).contains("insert it");
    }

    @Test
    @DisplayName("A key whose certificate is another's is refused before anybody is asked")
    void mismatch() throws Exception {
        KeyDescriptor bad = other.add(TestKey.P256_B, "bad", List.of(), "its certificate belongs to another key");
        tokens.refresh(other);
        Reply reply = sign(bad.fingerprint().toString());
        assertThat(code(reply)).isEqualTo(ErrorCode.KEY_MISMATCH);
        assertThat(unlock.calls).isEmpty();
    }

    @Test
    @DisplayName("A digest of another length is refused before anybody is asked")
    void digestLength() {
        Reply reply =
                dispatch(new Sign("pkcs11:object=mail", Algorithm.ECDSA_SHA256, Sign.Kind.DIGEST, new byte[20], ""));
        assertThat(code(reply)).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(unlock.calls).isEmpty();
    }

    @Test
    @DisplayName("What the policy denies is recorded and not done")
    void denied() throws Exception {
        tokens.close();
        wire(List.of(new KeyRule(
                KeyName.parse("pkcs11:object=mail"), KeyRule.Role.CA, java.util.Set.of(), java.util.Set.of(), false)));
        assertThat(code(sign("pkcs11:object=mail"))).isEqualTo(ErrorCode.DENIED);
        assertThat(token.calls).isEmpty();
        assertThat(lastAudit()).contains("\"outcome\":\"Denied\"");
    }

    @Test
    @DisplayName("When the record cannot be written nothing is answered")
    void auditFails() throws Exception {
        audit.close();
        assertThat(code(sign("pkcs11:object=mail"))).isEqualTo(ErrorCode.INTERNAL);
    }

    @Test
    @DisplayName("A login lost between unlocking and use is asked for once more")
    void loginLost() {
        token.nextFailure = new TokenException.LoginRequired("logged out");
        assertThat(sign("pkcs11:object=mail")).isInstanceOf(Reply.Signature.class);
        assertThat(unlock.calls).containsExactly("ensureUnlocked one", "ensureUnlocked one", "touched one");
    }

    @Test
    @DisplayName("After a login the key is looked up again")
    void lookedUpAgain() {
        token.state = new TokenState.LoggedOut(PinTries.UNKNOWN);
        unlock.atUnlock = unlocked -> {
            token.add(TestKey.RSA_2048_A, "mail");
            token.state = new TokenState.LoggedIn();
        };
        assertThat(code(sign("pkcs11:object=mail"))).isEqualTo(ErrorCode.KEY_AMBIGUOUS);
        assertThat(token.calls).isEmpty();
    }

    @Test
    @DisplayName("The third different ciphertext is decrypted only with the person's word")
    void budget() throws Exception {
        KeyDescriptor rsa = other.add(TestKey.RSA_2048_A, "rsa");
        tokens.refresh(other);
        for (int i = 0; i < 3; i++) {
            byte[] ciphertext = new byte[256];
            ciphertext[255] = (byte) (i + 2);
            assertThat(dispatch(new Decrypt(rsa.fingerprint().toString(), Algorithm.RSA_PKCS1, ciphertext, 32, "")))
                    .isInstanceOf(Reply.Plaintext.class);
        }
        assertThat(unlock.calls.stream().filter(call -> call.startsWith("confirm")))
                .hasSize(1);
    }

    @Test
    @DisplayName("A ciphertext of the wrong size is refused in the open, without the token")
    void ciphertextSize() throws Exception {
        KeyDescriptor rsa = other.add(TestKey.RSA_2048_A, "rsa");
        tokens.refresh(other);
        for (byte[] ciphertext : List.of(new byte[255], new byte[257], filled(256))) {
            assertThat(code(dispatch(
                            new Decrypt(rsa.fingerprint().toString(), Algorithm.RSA_PKCS1, ciphertext, 32, ""))))
                    .isEqualTo(ErrorCode.INVALID_REQUEST);
        }
        assertThat(other.calls).isEmpty();
    }

    private static byte[] filled(int length) {
        byte[] bytes = new byte[length];
        java.util.Arrays.fill(bytes, (byte) 0xff);
        return bytes;
    }

    @Test
    @DisplayName("Lists and status tell of all tokens")
    void lists() {
        Reply.StatusReport status = (Reply.StatusReport) dispatch(new Status());
        assertThat(status.tokens()).hasSize(2);
        assertThat(status.modules()).allMatch(module -> module.state() == Reply.ModuleState.READY);
        assertThat(((Reply.Keys) dispatch(new ListKeys(null, null))).keys())
                .singleElement()
                .satisfies(found -> assertThat(found.fingerprint())
                        .isEqualTo(key.fingerprint().toString()));
        assertThat(code(dispatch(new ListKeys("pkcs11:token=none", null)))).isEqualTo(ErrorCode.TOKEN_NOT_FOUND);
    }

    @Test
    @DisplayName("Keys are listed by name, and what is no name is refused")
    void listsByName() throws IOException {
        KeyDescriptor web = other.add(TestKey.RSA_2048_A, "web");
        KeyDescriptor copy = other.add(TestKey.P256_A, "copy");
        stop();
        wire(List.of());
        assertThat(listed("pkcs11:object=web")).containsExactly(web.uri().toString());
        assertThat(listed(key.fingerprint().toString()))
                .containsExactly(key.uri().toString(), copy.uri().toString());
        assertThat(listed("pkcs11:token=one")).containsExactly(key.uri().toString());
        assertThat(listed("pkcs11:object=nothing")).isEmpty();
        assertThat(code(dispatch(new ListKeys(null, "web")))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(code(dispatch(new ListKeys("pkcs11:token=none", "pkcs11:object=web"))))
                .isEqualTo(ErrorCode.TOKEN_NOT_FOUND);
    }

    private List<String> listed(String name) {
        return ((Reply.Keys) dispatch(new ListKeys(null, name)))
                .keys().stream().map(KeyDescription::uri).toList();
    }

    @Test
    @DisplayName("Unlocking is recorded")
    void unlocks() throws Exception {
        assertThat(dispatch(new Unlock("pkcs11:token=one"))).isEqualTo(new Reply.Done());
        assertThat(unlock.calls).containsExactly("ensureUnlocked one");
        assertThat(lastAudit()).contains("\"event\":\"unlock\"", "token=one");
        assertThat(code(dispatch(new Unlock("pkcs11:")))).isEqualTo(ErrorCode.KEY_AMBIGUOUS);
    }
}
