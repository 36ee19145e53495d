package org.tokend.daemon.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokend.daemon.access.AccessPolicy;
import org.tokend.daemon.access.ApplicationRule;
import org.tokend.daemon.access.Caller;
import org.tokend.daemon.access.Front;
import org.tokend.daemon.access.KeyName;
import org.tokend.daemon.access.KeyRight;
import org.tokend.daemon.access.Profile;
import org.tokend.daemon.audit.AuditLog;
import org.tokend.daemon.dispatch.Dispatcher;
import org.tokend.daemon.dispatch.ServiceFacts;
import org.tokend.daemon.dispatch.Stages;
import org.tokend.daemon.event.EventBus;
import org.tokend.daemon.event.EventSink;
import org.tokend.daemon.rejection.DecryptBudget;
import org.tokend.daemon.rejection.Decryptor;
import org.tokend.daemon.rejection.RejectionSecrets;
import org.tokend.daemon.software.RecordingUnlock;
import org.tokend.daemon.software.SoftwareModule;
import org.tokend.daemon.software.SoftwareToken;
import org.tokend.daemon.token.ModuleWatch;
import org.tokend.daemon.token.TokenDirectory;
import org.tokend.daemon.token.TokenWorkers;
import org.tokend.daemon.unlock.UnlockException;
import org.tokend.daemon.verification.FastProvider;
import org.tokend.daemon.verification.SignatureVerifier;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.pkcs11.KeyAlgorithm;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.PinTries;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.TokenState;
import org.tokend.pkcs11.application.ApplicationSlot;
import org.tokend.pkcs11.cryptoki.CKM;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.protocol.ErrorCode;

@DisplayName("The gate of an application")
class CallerGateTest {
    private static final byte[] DIGEST = new byte[32];
    private static final Set<KeyRight> ALL = Set.of(KeyRight.values());

    @TempDir
    Path directory;

    private final SoftwareToken one = new SoftwareToken("one");
    private final SoftwareToken two = new SoftwareToken("two");
    private final RecordingUnlock unlock = new RecordingUnlock();
    private final SlotTable slots = new SlotTable();
    private KeyDescriptor onOne;
    private KeyDescriptor onTwo;
    private TokenDirectory tokens;
    private AuditLog audit;

    @BeforeEach
    void start() throws IOException {
        onOne = one.add(TestKey.P256_A, "mail");
        onTwo = two.add(TestKey.P256_A, "mail");
        audit = AuditLog.open(directory.resolve("audit"), Clock.systemUTC(), FastProvider.sha256());
        EventBus events = new EventBus();
        tokens = new TokenDirectory(List.of(
                new ModuleWatch(SoftwareModule.of(one), SoftwareModule.scanner(one), events, slots),
                new ModuleWatch(SoftwareModule.of(two), SoftwareModule.scanner(two), events, slots)));
        tokens.start(() -> true);
    }

    @AfterEach
    void stop() throws IOException {
        tokens.close();
        audit.close();
    }

    private CallerGate gate(String program, boolean acceptClientPin, ApplicationRule... rules) {
        Stages stages = new Stages(
                tokens,
                new AccessPolicy(List.of(), List.of(rules)),
                unlock,
                new TokenWorkers(2, 10, Duration.ofSeconds(5)),
                new SignatureVerifier(),
                new Decryptor(new RejectionSecrets(directory.resolve("rejection"))),
                new DecryptBudget(2, System::nanoTime),
                audit);
        Dispatcher dispatcher = new Dispatcher(stages, new ServiceFacts("test", 1, Instant.EPOCH, () -> 0));
        Caller caller = new Caller(1000, 1000, 42, program, Caller.Sandbox.NONE, Front.P11KIT);
        return new Applications(dispatcher, stages, slots, acceptClientPin).open(caller, EventSink.NONE);
    }

    private CallerGate gate(ApplicationRule... rules) {
        return gate("/usr/bin/mail", false, rules);
    }

    private static ApplicationRule rule(Set<String> programs, Set<KeyRight> rights, Profile profile) {
        return new ApplicationRule(programs, Set.of(), List.of(), rights, Set.of(), profile);
    }

    private static long value(ThrowingCallable call) {
        return catchThrowableOfType(CryptokiException.class, call).returnValue();
    }

    private List<String> records(String event) throws IOException {
        return Files.readAllLines(directory.resolve("audit")).stream()
                .filter(line -> line.contains("\"event\":\"" + event + "\""))
                .toList();
    }

    @Test
    @DisplayName("shows every slot with a token once the modules were looked at")
    void showsSlots() {
        assertThat(gate().slots()).extracting(ApplicationSlot::token).containsExactlyInAnyOrder(one, two);
    }

    @Test
    @DisplayName(
            "uses the key on the very token that it was found on, though another holds the same key under the same name")
    void theVeryToken() throws Exception {
        CallerGate gate = gate();
        gate.sign(two, onTwo, KeyAlgorithm.ECDSA_SHA256, DIGEST);
        assertThat(two.calls).containsExactly("provePossession", "sign");
        assertThat(one.calls).isEmpty();
        gate.sign(one, onOne, KeyAlgorithm.ECDSA_SHA256, DIGEST);
        assertThat(one.calls).containsExactly("provePossession", "sign");
        assertThat(unlock.calls)
                .containsExactly("ensureUnlocked two", "touched two", "ensureUnlocked one", "touched one");
    }

    @Test
    @DisplayName("leaves one record of each use, with the program and the door")
    void oneRecord() throws Exception {
        gate().sign(one, onOne, KeyAlgorithm.ECDSA_SHA256, DIGEST);
        assertThat(records("sign"))
                .singleElement()
                .asString()
                .contains(
                        "\"program\":\"/usr/bin/mail\"",
                        "\"front\":\"p11kit\"",
                        one.identity().uri().toString(),
                        onOne.fingerprint().toString(),
                        "\"outcome\":\"ok\"",
                        "\"verified\":true");
    }

    @Test
    @DisplayName("decrypts and agrees as the native socket does: bad paddings decrypt to something")
    void decryptsAndAgrees() throws Exception {
        KeyDescriptor rsa = one.add(TestKey.RSA_2048_A, "rsa");
        tokens.refresh(one);
        byte[] block = new byte[256];
        block[255] = 3;
        CallerGate gate = gate();
        byte[] first = gate.decrypt(one, rsa, KeyAlgorithm.RSA_PKCS1, block);
        assertThat(gate.decrypt(one, rsa, KeyAlgorithm.RSA_PKCS1, block)).isEqualTo(first);
        assertThat(gate.agree(one, onOne, TestKey.P256_B.publicKey().getEncoded()))
                .hasSize(32);
        assertThat(records("decrypt")).hasSize(2);
        assertThat(records("agree")).hasSize(1);
    }

    @Test
    @DisplayName("unlocks first where the token hides its keys until then, and looks for the key again")
    void unlocksFirst() throws Exception {
        SoftwareToken hiding = one;
        KeyDescriptor hidden = hiding.add(TestKey.P256_B, "later");
        hiding.hide(hidden);
        tokens.refresh(hiding);
        hiding.state = new TokenState.LoggedOut(PinTries.UNKNOWN);
        unlock.atUnlock = token -> {
            hiding.show();
            hiding.state = new TokenState.LoggedIn();
        };
        gate().sign(hiding, hidden, KeyAlgorithm.ECDSA_SHA256, DIGEST);
        assertThat(hiding.calls).containsExactly("provePossession", "sign");
    }

    @Test
    @DisplayName("asks each time for a key that wants it")
    void asksEachTime() throws Exception {
        KeyDescriptor each = one.addAskingEachTime(TestKey.P256_B, "each");
        tokens.refresh(one);
        CallerGate gate = gate();
        gate.sign(one, each, KeyAlgorithm.ECDSA_SHA256, DIGEST);
        gate.sign(one, each, KeyAlgorithm.ECDSA_SHA256, DIGEST);
        assertThat(unlock.calls.stream().filter("withContextPin one"::equals)).hasSize(2);
    }

    @Test
    @DisplayName("answers C_Login at once when the token is unlocked, and sends a PIN of the application nowhere")
    void ignoresPin() throws Exception {
        try (Arena arena = Arena.ofConfined()) {
            gate().login(one, arena.allocateFrom("1234", StandardCharsets.US_ASCII));
        }
        assertThat(unlock.calls).containsExactly("ensureUnlocked one");
        assertThat(records("unlock")).singleElement().asString().contains("\"outcome\":\"ok\"", "p11kit");
    }

    @Test
    @DisplayName("hands a PIN of the application on only where the configuration says so")
    void acceptsPin() throws Exception {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pin = arena.allocateFrom("1234", StandardCharsets.US_ASCII);
            gate("/usr/bin/mail", true).login(one, pin);
        }
        assertThat(unlock.calls).containsExactly("ensureUnlocked with a PIN one");
    }

    @Test
    @DisplayName("does not log in a program that may use no key there, unless it manages tokens")
    void loginOfNobody() throws Exception {
        Set<KeyRight> listed = Set.of(KeyRight.LISTED);
        assertThat(value(() -> gate(rule(Set.of(), listed, Profile.MAIL)).login(one, null)))
                .isEqualTo(CKR.ACTION_PROHIBITED);
        assertThat(unlock.calls).isEmpty();
        assertThat(records("unlock")).singleElement().asString().contains("\"outcome\":\"Denied\"");
        gate(rule(Set.of("/usr/bin/mail"), listed, Profile.MANAGE)).login(one, null);
        assertThat(unlock.calls).containsExactly("ensureUnlocked one");
    }

    @Test
    @DisplayName("hides keys, refuses their use and records the try")
    void hiddenKey() throws Exception {
        CallerGate gate = gate(new ApplicationRule(
                Set.of(),
                Set.of(),
                List.of(KeyName.parse(onOne.fingerprint().toString())),
                Set.of(),
                Set.of(),
                Profile.MAIL));
        assertThat(gate.shows(onOne)).isFalse();
        assertThat(value(() -> gate.sign(one, onOne, KeyAlgorithm.ECDSA_SHA256, DIGEST)))
                .isEqualTo(CKR.KEY_FUNCTION_NOT_PERMITTED);
        assertThat(one.calls).isEmpty();
        assertThat(records("sign")).singleElement().asString().contains("\"outcome\":\"Denied\"");
    }

    @Test
    @DisplayName("offers what the profile and the list allow")
    void offers() {
        assertThat(gate().offers(one, CKM.AES_CBC)).isFalse();
        assertThat(gate(rule(Set.of(), ALL, Profile.GENERIC)).offers(one, CKM.AES_CBC))
                .isTrue();
    }

    @ParameterizedTest
    @DisplayName(
            "refuses each change to programs that do not manage, with a record, and allows it to those that do, with another")
    @ValueSource(
            strings = {
                "C_CreateObject",
                "C_CopyObject",
                "C_DestroyObject",
                "C_SetAttributeValue",
                "C_GenerateKey",
                "C_GenerateKeyPair",
                "C_WrapKey",
                "C_UnwrapKey",
                "C_Login",
                "C_InitPIN",
                "C_SetPIN",
                "C_InitToken"
            })
    void changes(String function) throws Exception {
        ApplicationRule manager = rule(Set.of("/usr/bin/p11tool"), ALL, Profile.MANAGE);
        for (CallerGate refused : List.of(
                gate(),
                gate(manager),
                gate(rule(Set.of(), ALL, Profile.GENERIC)),
                gate(rule(Set.of("/usr/bin/mail"), ALL, Profile.GENERIC), manager))) {
            assertThat(refused.mayManage()).isFalse();
            assertThat(value(() -> refused.manage(function, one))).isEqualTo(CKR.ACTION_PROHIBITED);
        }
        assertThat(records("manage"))
                .hasSize(4)
                .allSatisfy(line -> assertThat(line)
                        .contains("\"outcome\":\"Denied\"", "\"detail\":\"" + function + "\"", "/usr/bin/mail"));

        CallerGate allowed = gate("/usr/bin/p11tool", false, manager);
        assertThat(allowed.mayManage()).isTrue();
        allowed.manage(function, null);
        assertThat(records("manage").getLast())
                .contains("\"outcome\":\"ok\"", "\"detail\":\"" + function + "\"", "/usr/bin/p11tool");
    }

    @Test
    @DisplayName("does not let a loop of refused calls fill the disk")
    void loopOfRefusals() throws Exception {
        CallerGate gate = gate();
        IntStream.range(0, 1000)
                .forEach(i -> assertThat(value(() -> gate.manage("C_CreateObject", one)))
                        .isEqualTo(CKR.ACTION_PROHIBITED));
        assertThat(records("manage")).hasSizeLessThan(10);
    }

    @Test
    @DisplayName("lets nothing be changed or used without a record")
    void noRecord() throws Exception {
        CallerGate manager = gate(rule(Set.of("/usr/bin/mail"), ALL, Profile.MANAGE));
        audit.close();
        assertThat(value(() -> manager.manage("C_SetPIN", one))).isEqualTo(CKR.FUNCTION_FAILED);
        assertThat(value(() -> manager.sign(one, onOne, KeyAlgorithm.ECDSA_SHA256, DIGEST)))
                .isEqualTo(CKR.FUNCTION_FAILED);
        assertThat(value(() -> manager.login(one, null))).isEqualTo(CKR.FUNCTION_FAILED);
    }

    @Test
    @DisplayName("says what went wrong in return values that applications know what to do with")
    void returnValues() {
        CallerGate gate = gate();
        one.nextFailure = new TokenException.Removed("pulled");
        assertThat(value(() -> gate.sign(one, onOne, KeyAlgorithm.ECDSA_SHA256, DIGEST)))
                .isEqualTo(CKR.DEVICE_REMOVED);
        one.nextFailure = new TokenException.Timeout("late");
        assertThat(value(() -> gate.sign(one, onOne, KeyAlgorithm.ECDSA_SHA256, DIGEST)))
                .isEqualTo(CKR.DEVICE_ERROR);
        assertThat(value(() -> gate.sign(one, onOne, KeyAlgorithm.ECDSA_SHA256, new byte[5])))
                .isEqualTo(CKR.DATA_LEN_RANGE);
        assertThat(value(() -> gate.agree(one, onOne, new byte[5]))).isEqualTo(CKR.MECHANISM_PARAM_INVALID);
        two.state = new TokenState.Absent();
        assertThat(value(() -> gate.sign(two, onTwo, KeyAlgorithm.ECDSA_SHA256, DIGEST)))
                .isEqualTo(CKR.DEVICE_REMOVED);
        one.damage = signature -> new byte[signature.length];
        assertThat(value(() -> gate.sign(one, onOne, KeyAlgorithm.ECDSA_SHA256, DIGEST)))
                .as("a signature that does not verify")
                .isEqualTo(CKR.DEVICE_ERROR);
    }

    @ParameterizedTest
    @DisplayName("says of a person's answer whether asking again makes sense")
    @org.junit.jupiter.params.provider.CsvSource({
        "PIN_INCORRECT,    0xa0, 0xa0",
        "PIN_LOCKED,       0xa4, 0xa4",
        "PROMPT_CANCELLED, 0x50, 0x50",
        "PROMPT_TIMEOUT,   0x50, 0x50",
        "PIN_LAST_TRY,     0x50, 0x50",
        "NO_PROMPT,        0x06, 0x101",
        "SHUTTING_DOWN,    0x30, 0x30",
    })
    void answers(ErrorCode code, String atLogin, String atUse) {
        unlock.answer = () -> {
            throw new UnlockException(code, "no");
        };
        CallerGate gate = gate();
        assertThat(value(() -> gate.login(one, null))).isEqualTo(Long.decode(atLogin));
        assertThat(value(() -> gate.sign(one, onOne, KeyAlgorithm.ECDSA_SHA256, DIGEST)))
                .isEqualTo(Long.decode(atUse));
    }
}
