package org.tokend.pkcs11.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.fixtures.softhsm.SoftHsmToken;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.TokenState;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.AttributeValues;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKM;
import org.tokend.pkcs11.cryptoki.CKO;
import org.tokend.pkcs11.cryptoki.Mechanism;
import org.tokend.pkcs11.host.HostLog;
import org.tokend.pkcs11.host.IsolatedModule;
import org.tokend.pkcs11.host.ModuleSettings;
import org.tokend.pkcs11.object.CatalogRoom;
import org.tokend.pkcs11.object.ObjectIds;
import org.tokend.pkcs11.operation.QuirkTable;

@DisplayName("The objects of a token whose module is in a host of its own")
class HostedObjectsTest {
    private final SoftHsmToken hsm = SoftHsmToken.create();
    private final Arena arena = Arena.ofConfined();
    private IsolatedModule module;
    private ModuleTokens tokens;

    @BeforeEach
    void open() throws Exception {
        hsm.importKey(TestKey.RSA_2048_A);
        hsm.importKey(TestKey.P384);
        module = new IsolatedModule(
                ModuleSettings.of("soft", hsm.modulePath()).withEnvironment(hsm.environment()), HostLog.NONE);
        tokens = new ModuleTokens(
                module, TokenOptions.DEFAULT, QuirkTable.load(), new ObjectIds(), CatalogRoom.ofHeap());
        tokens.scan();
    }

    @AfterEach
    void close() {
        tokens.close();
        module.close();
        arena.close();
        hsm.close();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void login(Token token) throws TokenException {
        token.login(SoftHsmRig.segment(arena, new String(hsm.pin())));
    }

    /** One line for each attribute of each object. */
    private static List<String> dump(Token token) throws Exception {
        List<String> dump = new ArrayList<>();
        for (TokenObject object : token.objects()) {
            byte[] label = Objects.requireNonNull(
                    object.attributes(CKA.LABEL).get(CKA.LABEL).value());
            String name = new String(label, StandardCharsets.UTF_8) + " of class " + object.objectClass();
            for (long type : ObjectsTest.allTypes()) {
                if (type != CKA.WRAP_TEMPLATE && type != CKA.UNWRAP_TEMPLATE && type != CKA.DERIVE_TEMPLATE) {
                    dump.add(name + " 0x" + Long.toHexString(type) + " " + answer(object, type));
                }
            }
        }
        return dump;
    }

    private static String answer(TokenObject object, long type) throws TokenException {
        try {
            AttributeValues values = object.attributes(type);
            byte[] value = values.get(type).value();
            return values.returnValue()
                    + (value == null ? "" : " " + HexFormat.of().formatHex(value));
        } catch (TokenException.Failed e) {
            return "failed " + e.returnValue();
        }
    }

    @Test
    @DisplayName("are the same as with the module in this process, attribute by attribute")
    void sameAsInProcess() throws Exception {
        Token hosted = tokens.tokens().getFirst();
        login(hosted);
        hosted.administration()
                .generateKey(
                        Mechanism.of(CKM.AES_KEY_GEN),
                        List.of(
                                Attribute.of(CKA.LABEL, text("secret")),
                                Attribute.of(CKA.PRIVATE, true),
                                Attribute.of(CKA.START_DATE, text("20250131")),
                                Attribute.of(CKA.VALUE_LEN, 32L)));
        hosted.administration()
                .create(List.of(
                        Attribute.of(CKA.CLASS, CKO.DATA),
                        Attribute.of(CKA.PRIVATE, false),
                        Attribute.of(CKA.LABEL, text("note")),
                        Attribute.of(CKA.VALUE, new byte[9_000])));
        List<String> throughHost = dump(hosted);
        List<Long> ids = new ArrayList<>();
        hosted.objects().forEach(object -> ids.add(object.id()));
        module.restart(module.generation(), "test");
        login(hosted);
        assertThat(hosted.objects()).extracting(TokenObject::id).containsExactlyInAnyOrderElementsOf(ids);

        try (SoftHsmRig rig = SoftHsmRig.on(hsm)) {
            rig.login();
            assertThat(hosted.objects()).hasSize(6);
            assertThat(throughHost).containsExactlyInAnyOrderElementsOf(dump(rig.token()));
            // SoftHSM leaves the flags of some of them as they were in memory.
            assertThat(hosted.mechanisms())
                    .containsOnlyKeys(rig.token().mechanisms().keySet());
        }
    }

    @Test
    @DisplayName(
            "of a new token: initialised, given a PIN, filled, locked, and all of it again after a restart of the module")
    void newToken() throws Exception {
        ReaderSlot blank =
                tokens.slots().stream().filter(ReaderSlot::blank).findFirst().orElseThrow();
        tokens.initialise(blank, SoftHsmRig.segment(arena, "officer-pin"), "fresh");
        Token fresh = tokens.tokens().getLast();
        assertThat(fresh.identity().label()).isEqualTo("fresh");
        fresh.administration().initPin(SoftHsmRig.segment(arena, "officer-pin"), SoftHsmRig.segment(arena, "user-pin"));
        fresh.login(SoftHsmRig.segment(arena, "user-pin"));
        TokenObject key = fresh.administration()
                .generateKey(
                        Mechanism.of(CKM.AES_KEY_GEN),
                        List.of(
                                Attribute.of(CKA.LABEL, text("secret")),
                                Attribute.of(CKA.PRIVATE, true),
                                Attribute.of(CKA.VALUE_LEN, 16L)));
        assertThat(fresh.objects()).containsExactly(key);
        module.restart(module.generation(), "test");
        tokens.scan();

        // SoftHSM gives the slot another id now.
        assertThat(fresh.state()).isInstanceOf(TokenState.LoggedOut.class);
        assertThat(fresh.objects()).containsExactly(key);
        fresh.login(SoftHsmRig.segment(arena, "user-pin"));
        assertThat(fresh.objects()).containsExactly(key);
        assertThat(tokens.slots()).filteredOn(slot -> slot.token() == fresh).hasSize(1);
    }
}
