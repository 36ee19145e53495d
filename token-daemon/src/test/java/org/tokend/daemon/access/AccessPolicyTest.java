package org.tokend.daemon.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tokend.daemon.software.SoftwareToken;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.protocol.Algorithm;

class AccessPolicyTest {
    private static final KeyDescriptor KEY = new SoftwareToken("t").add(TestKey.P256_A, "mail");
    private static final KeyUse SIGN = new KeyUse(Algorithm.ECDSA_SHA256, KeyUse.What.PLAIN_DIGEST, "");

    private static Caller caller(Caller.Sandbox sandbox) {
        return new Caller(1000, 1000, 42, "/usr/bin/mail", sandbox, Front.VARLINK);
    }

    private static KeyRule rule(KeyRule.Role role, Set<Algorithm> algorithms, Set<String> programs, boolean confirm)
            throws Exception {
        return new KeyRule(KeyName.parse("pkcs11:object=mail"), role, algorithms, programs, confirm);
    }

    private static Decision decide(KeyRule... rules) {
        return new AccessPolicy(List.of(rules), List.of()).decide(caller(Caller.Sandbox.NONE), KEY, SIGN);
    }

    @Test
    @DisplayName("Without a rule our own programs may use a key")
    void defaultGrants() {
        assertThat(decide()).isInstanceOfSatisfying(Decision.Granted.class, granted -> {
            assertThat(granted.grant().key()).isEqualTo(KEY);
            assertThat(granted.grant().use()).isEqualTo(SIGN);
            assertThat(granted.grant().caller().pid()).isEqualTo(42);
        });
    }

    @Test
    @DisplayName("An algorithm that is not listed is denied")
    void algorithm() throws Exception {
        assertThat(decide(rule(KeyRule.Role.MAIL, Set.of(Algorithm.ECDSA_SHA512), Set.of(), false)))
                .isInstanceOfSatisfying(
                        Decision.Denied.class,
                        denied -> assertThat(denied.reason()).contains("ecdsa-sha256"));
        assertThat(decide(rule(KeyRule.Role.MAIL, Set.of(Algorithm.ECDSA_SHA256), Set.of(), false)))
                .isInstanceOf(Decision.Granted.class);
    }

    @Test
    @DisplayName("A program that is not listed is denied")
    void program() throws Exception {
        assertThat(decide(rule(KeyRule.Role.MAIL, Set.of(), Set.of("/usr/bin/other"), false)))
                .isInstanceOfSatisfying(
                        Decision.Denied.class,
                        denied -> assertThat(denied.reason()).contains("/usr/bin/mail"));
        assertThat(decide(rule(KeyRule.Role.MAIL, Set.of(), Set.of("/usr/bin/mail"), false)))
                .isInstanceOf(Decision.Granted.class);
    }

    @Test
    @DisplayName("A CA's key signs no plain digests")
    void ca() throws Exception {
        KeyRule ca = rule(KeyRule.Role.CA, Set.of(), Set.of(), false);
        assertThat(decide(ca)).isInstanceOf(Decision.Denied.class);
        assertThat(new AccessPolicy(List.of(ca), List.of()).needsDurableAudit(KEY))
                .isTrue();
        assertThat(new AccessPolicy(List.of(), List.of()).needsDurableAudit(KEY))
                .isFalse();
    }

    @Test
    @DisplayName("Who wants to be asked is asked")
    void confirm() throws Exception {
        assertThat(decide(rule(KeyRule.Role.GENERIC, Set.of(), Set.of(), true)))
                .isInstanceOf(Decision.NeedsConfirmation.class);
    }

    @ParameterizedTest
    @DisplayName("A confined program, or one that may be, never signs silently")
    @EnumSource(names = {"CONFINED", "UNKNOWN"})
    void sandbox(Caller.Sandbox sandbox) {
        assertThat(new AccessPolicy(List.of(), List.of()).decide(caller(sandbox), KEY, SIGN))
                .isInstanceOf(Decision.NeedsConfirmation.class);
    }

    @Test
    @DisplayName("The first rule that matches holds")
    void order() throws Exception {
        assertThat(decide(
                        rule(KeyRule.Role.GENERIC, Set.of(), Set.of(), false),
                        rule(KeyRule.Role.CA, Set.of(), Set.of(), false)))
                .isInstanceOf(Decision.Granted.class);
    }
}
