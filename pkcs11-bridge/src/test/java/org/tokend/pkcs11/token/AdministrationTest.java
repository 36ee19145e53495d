package org.tokend.pkcs11.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.fixtures.softhsm.SoftHsmToken;
import org.tokend.pkcs11.KeyAlgorithm;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.TokenState;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKF;
import org.tokend.pkcs11.cryptoki.CKK;
import org.tokend.pkcs11.cryptoki.CKM;
import org.tokend.pkcs11.cryptoki.CKO;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.Mechanism;

@DisplayName("Administering a token")
class AdministrationTest {
    private static final byte[] P256 = HexFormat.of().parseHex("06082a8648ce3d030107");

    private SoftHsmRig rig;
    private Arena arena;

    @BeforeEach
    void open() throws Exception {
        SoftHsmToken hsm = SoftHsmToken.create();
        hsm.importKey(TestKey.P256_A);
        rig = SoftHsmRig.on(hsm);
        arena = Arena.ofConfined();
    }

    @AfterEach
    void close() {
        arena.close();
        rig.close();
    }

    private TokenAdministration administration() {
        return rig.token().administration();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private java.lang.foreign.MemorySegment pin(String pin) {
        return SoftHsmRig.segment(arena, pin);
    }

    private java.lang.foreign.MemorySegment officerPin() {
        return pin(new String(rig.hsm().soPin()));
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(long value, ThrowingCallable call) {
        return assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        CryptokiException.class,
                        e -> assertThat(CKR.nameOf(e.returnValue())).isEqualTo(CKR.nameOf(value)));
    }

    private static List<Attribute> data(String label, String value) {
        return List.of(
                Attribute.of(CKA.CLASS, CKO.DATA),
                Attribute.of(CKA.PRIVATE, false),
                Attribute.of(CKA.LABEL, text(label)),
                Attribute.of(CKA.VALUE, text(value)));
    }

    private TokenObject aesKey(String label) throws Exception {
        return administration()
                .generateKey(
                        Mechanism.of(CKM.AES_KEY_GEN),
                        List.of(
                                Attribute.of(CKA.LABEL, text(label)),
                                Attribute.of(CKA.PRIVATE, true),
                                Attribute.of(CKA.SENSITIVE, true),
                                Attribute.of(CKA.EXTRACTABLE, true),
                                Attribute.of(CKA.WRAP, true),
                                Attribute.of(CKA.UNWRAP, true),
                                Attribute.of(CKA.VALUE_LEN, 32L)));
    }

    @Test
    @DisplayName("a key pair that is generated is listed at once, signs, and keeps its ids")
    void keyPair() throws Exception {
        rig.login();
        int before = rig.token().objects().size();
        long generation = rig.token().generation();
        List<TokenObject> pair = administration()
                .generateKeyPair(
                        Mechanism.of(CKM.EC_KEY_PAIR_GEN),
                        List.of(
                                Attribute.of(CKA.EC_PARAMS, P256),
                                Attribute.of(CKA.LABEL, text("new")),
                                Attribute.of(CKA.ID, text("1")),
                                Attribute.of(CKA.PRIVATE, false),
                                Attribute.of(CKA.VERIFY, true)),
                        List.of(
                                Attribute.of(CKA.LABEL, text("new")),
                                Attribute.of(CKA.ID, text("1")),
                                Attribute.of(CKA.PRIVATE, true),
                                Attribute.of(CKA.SENSITIVE, true),
                                Attribute.of(CKA.SIGN, true)));

        assertThat(pair).extracting(TokenObject::objectClass).containsExactly(CKO.PUBLIC_KEY, CKO.PRIVATE_KEY);
        assertThat(rig.token().objects()).hasSize(before + 2).containsAll(pair);
        assertThat(rig.token().generation()).isEqualTo(generation);
        KeyDescriptor key = rig.key("new");
        assertThat(pair)
                .allSatisfy(object -> assertThat(
                                Objects.requireNonNull(object.key()).fingerprint())
                        .isEqualTo(key.fingerprint()));
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(new byte[1]);
        assertThat(rig.token().sign(key, KeyAlgorithm.ECDSA_SHA256, digest, null))
                .isNotEmpty();
        rig.token().logout();
        rig.login();
        assertThat(rig.token().objects()).containsAll(pair);
    }

    @Test
    @DisplayName("objects are created, changed, copied and destroyed; who asks next sees it")
    void life() throws Exception {
        int before = rig.token().objects().size();
        TokenObject note = administration().create(data("note", "one"));
        List<TokenObject> listed = rig.token().objects();
        assertThat(listed).hasSize(before + 1).contains(note);
        assertThat(rig.token().objects()).isSameAs(listed);

        administration().setAttributes(note, List.of(Attribute.of(CKA.LABEL, text("renamed"))));
        assertRefused(
                CKR.ATTRIBUTE_READ_ONLY,
                () -> administration().setAttributes(note, List.of(Attribute.of(CKA.PRIVATE, true))));
        assertThat(note.attributes(CKA.LABEL).get(CKA.LABEL).value()).isEqualTo(text("renamed"));
        assertThat(rig.token().objects()).contains(note).isNotSameAs(listed);

        TokenObject copy = administration().copy(note, List.of(Attribute.of(CKA.LABEL, text("copy"))));
        assertThat(copy.id()).isNotEqualTo(note.id());
        assertThat(copy.attributes(CKA.VALUE).get(CKA.VALUE).value()).isEqualTo(text("one"));
        rig.token().distrust(rig.token().generation(), "test");
        assertThat(rig.token().objects()).contains(note, copy);

        administration().destroy(note);
        assertThat(rig.token().objects()).contains(copy).doesNotContain(note).hasSize(before + 1);
        assertThatThrownBy(() -> note.attributes(CKA.LABEL)).isInstanceOf(TokenException.KeyNotFound.class);
        assertThatThrownBy(() -> administration().destroy(note)).isInstanceOf(TokenException.KeyNotFound.class);
    }

    @Test
    @DisplayName("keys are wrapped and unwrapped, under a key of the token and under one of the caller's")
    void wrapping() throws Exception {
        rig.login();
        TokenObject wrapping = aesKey("wrapping");
        TokenObject wrapped = aesKey("wrapped");
        Mechanism mechanism = Mechanism.of(CKM.AES_KEY_WRAP);
        byte[] bytes = administration().wrap(mechanism, wrapping, wrapped);
        TokenObject back = administration()
                .unwrap(
                        mechanism,
                        wrapping,
                        bytes,
                        List.of(
                                Attribute.of(CKA.CLASS, CKO.SECRET_KEY),
                                Attribute.of(CKA.KEY_TYPE, CKK.AES),
                                Attribute.of(CKA.LABEL, text("back")),
                                Attribute.of(CKA.PRIVATE, true),
                                Attribute.of(CKA.SENSITIVE, false),
                                Attribute.of(CKA.EXTRACTABLE, true)));
        byte[] value =
                Objects.requireNonNull(back.attributes(CKA.VALUE).get(CKA.VALUE).value());

        byte[] own = new byte[32];
        own[7] = 1;
        Cipher cipher = Cipher.getInstance("AESWrap");
        cipher.init(Cipher.UNWRAP_MODE, new SecretKeySpec(own, "AES"));
        int before = rig.token().objects().size();
        assertThat(cipher.unwrap(administration().wrapOut(mechanism, own, wrapped), "AES", Cipher.SECRET_KEY)
                        .getEncoded())
                .isEqualTo(value);
        assertThat(rig.token().objects()).hasSize(before);
    }

    @Test
    @DisplayName("what the token refuses is told in the token's own words, and nothing is lost by it")
    void refused() throws Exception {
        long generation = rig.token().generation();
        assertRefused(CKR.TEMPLATE_INCOMPLETE, () -> administration().create(List.of()));
        assertRefused(
                CKR.MECHANISM_INVALID,
                () -> administration()
                        .generateKey(Mechanism.of(CKM.SHA256), List.of(Attribute.of(CKA.VALUE_LEN, 32L))));
        assertRefused(CKR.USER_NOT_LOGGED_IN, () -> aesKey("too early"));
        assertThat(rig.token().generation()).isEqualTo(generation);
        rig.login();
        assertThat(aesKey("in time").attributes(CKA.LOCAL).get(CKA.LOCAL).asBoolean(false))
                .isTrue();
    }

    @Test
    @DisplayName("a token that goes in the middle of a change is told as removed; it is changed when it is back")
    void removedInTheMiddle() throws Exception {
        int before = rig.token().objects().size();
        rig.module().script(call -> {
            if (call.name().equals("createObject")) {
                throw call.failure(CKR.DEVICE_REMOVED);
            }
            return call.proceed();
        });
        assertThatThrownBy(() -> administration().create(data("note", "one")))
                .isInstanceOf(TokenException.Removed.class);
        rig.module().honest();
        assertThat(rig.token().objects()).hasSize(before);
        administration().create(data("note", "one"));
        assertThat(rig.token().objects()).hasSize(before + 1);
    }

    @Test
    @DisplayName("where the sessions that are open can write, no other is opened")
    void oneSession() throws Exception {
        rig.token().distrust(rig.token().generation(), "test");
        rig.module().script(call -> {
            if (call.name().equals("openSession")) {
                call.arguments()[1] = CKF.SERIAL_SESSION | CKF.RW_SESSION;
            }
            return call.proceed();
        });
        rig.token().objects();
        administration().create(data("note", "one"));
        assertThat(rig.module().calls().stream().filter("openSession"::equals)).hasSize(1);
    }

    @Test
    @DisplayName("the PIN is changed by who knows it; a wrong one is refused as C_SetPIN does")
    void setPin() throws Exception {
        assertRefused(CKR.PIN_INCORRECT, () -> administration().setPin(pin("wrong-pin"), pin("another-pin")));
        assertThat(rig.token().state()).isInstanceOf(TokenState.LoggedOut.class);
        administration().setPin(pin(new String(rig.hsm().pin())), pin("another-pin"));
        assertThatThrownBy(() -> rig.login()).isInstanceOf(TokenException.PinIncorrect.class);
        rig.login("another-pin");
        administration().setPin(pin("another-pin"), pin("third-pin"));
        assertThat(rig.token().state()).isEqualTo(new TokenState.LoggedIn());
    }

    @Test
    @DisplayName("the security officer is alone on the token: the user's login ends, and the PIN is set anew")
    void officer() throws Exception {
        rig.login();
        rig.module().honest();
        administration().initPin(officerPin(), pin("set-by-officer"));

        assertThat(rig.module().calls())
                .containsSubsequence("closeSession", "openSession", "login", "initPin", "logout");
        assertThat(rig.token().state()).isInstanceOf(TokenState.LoggedOut.class);
        assertThat(rig.token().keys()).isNotEmpty();
        assertThatThrownBy(() -> rig.login()).isInstanceOf(TokenException.PinIncorrect.class);
        rig.login("set-by-officer");
        assertRefused(CKR.PIN_INCORRECT, () -> administration().checkOfficerPin(pin("wrong-pin")));
        assertThat(rig.token().state()).isInstanceOf(TokenState.LoggedOut.class);
        administration().setOfficerPin(officerPin(), pin("new-officer-pin"));
        assertRefused(CKR.PIN_INCORRECT, () -> administration().checkOfficerPin(officerPin()));
        administration().checkOfficerPin(pin("new-officer-pin"));
        rig.login("set-by-officer");
        assertThat(rig.module().restarts()).isEmpty();
    }

    @Test
    @DisplayName("initialising it again destroys all objects; it is found again under its new label")
    void again() throws Exception {
        rig.login();
        Token old = rig.token();
        assertThat(old.objects()).hasSize(2);
        assertRefused(CKR.PIN_INCORRECT, () -> administration().initialise(pin("wrong-pin"), "other"));
        assertThat(old.state()).isInstanceOf(TokenState.LoggedOut.class);
        administration().initialise(officerPin(), "other");

        assertThat(old.state()).isEqualTo(new TokenState.Absent());
        Token fresh = rig.tokens().tokens().getLast();
        assertThat(fresh.identity().label()).isEqualTo("other");
        assertThat(fresh.objects()).isEmpty();
        assertThat(fresh.keys()).isEmpty();
        fresh.administration().initPin(officerPin(), pin("user-pin"));
        fresh.login(pin("user-pin"));
        assertThat(fresh.state()).isEqualTo(new TokenState.LoggedIn());
        fresh.administration().initialise(officerPin(), "other");
        assertThat(fresh.objects()).isEmpty();
        assertThat(fresh.state()).isInstanceOf(TokenState.LoggedOut.class);
    }

    @Test
    @DisplayName(
            "a blank token is shown as a slot, and initialised becomes a token; SoftHSM shows another blank one then")
    void blank() throws Exception {
        ReaderSlot blank = blankSlot();
        assertThat(blank.token()).isNull();
        assertThat(rig.tokens().slots())
                .anySatisfy(slot -> assertThat(slot.token()).isSameAs(rig.token()));
        rig.tokens().initialise(blank, pin("officer-pin"), "second");

        assertThat(rig.tokens().tokens()).hasSize(2);
        Token second = rig.tokens().tokens().getLast();
        assertThat(second.identity().label()).isEqualTo("second");
        assertThat(blankSlot().slot()).isNotEqualTo(blank.slot());
        assertThatThrownBy(() -> rig.tokens().initialise(blank, pin("officer-pin"), "third"))
                .isInstanceOf(TokenException.Removed.class);
        second.administration().initPin(pin("officer-pin"), pin("user-pin"));
        second.login(pin("user-pin"));
        assertThat(second.objects()).isEmpty();
    }

    private ReaderSlot blankSlot() {
        List<ReaderSlot> blank =
                rig.tokens().slots().stream().filter(ReaderSlot::blank).toList();
        assertThat(blank).hasSize(1);
        return blank.getFirst();
    }

    @Test
    @DisplayName("many random bytes come in pieces that a module host has memory for, and so does a long seed")
    void muchRandom() throws Exception {
        List<Integer> pieces = new ArrayList<>();
        rig.module().script(call -> {
            if (call.name().equals("generateRandom")) {
                pieces.add((Integer) call.arguments()[1]);
            } else if (call.name().equals("seedRandom")) {
                pieces.add(((byte[]) call.arguments()[1]).length);
            }
            return call.proceed();
        });
        byte[] random = rig.token().random(100_000);
        assertThat(random).hasSize(100_000);
        for (int end = TokenRandom.AT_ONCE; end <= random.length; end += TokenRandom.AT_ONCE) {
            assertThat(Arrays.copyOfRange(random, end - 32, end)).isNotEqualTo(new byte[32]);
        }
        rig.token().seedRandom(random);
        assertThat(pieces).containsExactly(32_768, 32_768, 32_768, 1_696, 32_768, 32_768, 32_768, 1_696);
    }

    @Test
    @DisplayName("random bytes come from the token, and its mechanisms are told as it tells them")
    void information() throws Exception {
        byte[] random = rig.token().random(64);
        assertThat(random)
                .hasSize(64)
                .isNotEqualTo(new byte[64])
                .isNotEqualTo(rig.token().random(64));
        rig.token().seedRandom(random);
        assertThat(rig.token().info().label()).isEqualTo(rig.hsm().label());
        assertThat(rig.token().mechanisms()).containsKeys(CKM.RSA_PKCS, CKM.ECDSA, CKM.AES_KEY_GEN);
        assertThat(Objects.requireNonNull(rig.token().mechanisms().get(CKM.ECDSA))
                                .flags()
                        & CKF.SIGN)
                .isNotZero();
        rig.module().honest();
        assertThat(rig.token().mechanisms()).isNotEmpty();
        assertThat(rig.module().calls()).isEmpty();
    }
}
