package org.tokend.daemon.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokend.daemon.software.SoftwareToken;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.cryptoki.CKM;
import org.tokend.protocol.Algorithm;

@DisplayName("What a program may see and do, as a pure function")
class ApplicationPolicyTest {
    private static final Set<KeyRight> ALL = Set.of(KeyRight.values());
    private static final SoftwareToken TOKEN = new SoftwareToken("t");
    private static final KeyDescriptor WORK = TOKEN.add(TestKey.RSA_2048_A, "work");
    private static final KeyDescriptor HOME = TOKEN.add(TestKey.RSA_2048_B, "home");
    private static final KeyUse SIGN = new KeyUse(Algorithm.RSA_PKCS1_RAW, KeyUse.What.PLAIN_DIGEST, "");
    private static final KeyUse DECRYPT = new KeyUse(Algorithm.RSA_PKCS1, KeyUse.What.CIPHERTEXT, "");
    private static final KeyUse DERIVE = new KeyUse(Algorithm.ECDH, KeyUse.What.AGREEMENT, "");

    private static Caller caller(String program, int uid, Caller.Sandbox sandbox, Front front) {
        return new Caller(uid, uid, 42, program, sandbox, front);
    }

    private static Caller application(String program) {
        return caller(program, 1000, Caller.Sandbox.NONE, Front.P11KIT);
    }

    private static ApplicationRule rule(Set<String> programs, List<String> keys, Set<KeyRight> rights, Profile profile)
            throws Exception {
        List<KeyName> names = new java.util.ArrayList<>();
        for (String key : keys) {
            names.add(KeyName.parse(key));
        }
        return new ApplicationRule(programs, Set.of(), names, rights, Set.of(), profile);
    }

    private static AccessPolicy policy(ApplicationRule... rules) {
        return new AccessPolicy(List.of(), List.of(rules));
    }

    @Test
    @DisplayName("Without a table every program sees and uses every key, and changes nothing")
    void defaults() {
        Caller mail = application("/usr/bin/mail");
        assertThat(policy().shows(mail, WORK)).isTrue();
        assertThat(policy().mayUse(mail, WORK)).isTrue();
        for (KeyUse use : List.of(SIGN, DECRYPT, DERIVE)) {
            assertThat(policy().decide(mail, WORK, use)).isInstanceOf(Decision.Granted.class);
        }
        assertThat(policy().objectionToManaging(mail)).get().asString().contains("/usr/bin/mail", "manage");
    }

    @ParameterizedTest
    @DisplayName("Mail programs are not offered raw RSA and block ciphers, others are")
    @ValueSource(longs = {CKM.RSA_X_509, CKM.AES_CBC, CKM.AES_CBC_PAD, CKM.DES3_CBC, CKM.DES_CBC, CKM.AES_KEY_WRAP})
    void notForMail(long mechanism) throws Exception {
        AccessPolicy policy = policy(rule(Set.of("/usr/bin/tool"), List.of(), ALL, Profile.GENERIC));
        assertThat(policy.offers(application("/usr/bin/mail"), mechanism)).isFalse();
        assertThat(policy.offers(application("/usr/bin/tool"), mechanism)).isTrue();
    }

    @ParameterizedTest
    @DisplayName("Mail programs are offered what signs, decrypts, agrees and hashes")
    @ValueSource(
            longs = {
                CKM.RSA_PKCS,
                CKM.RSA_PKCS_OAEP,
                CKM.RSA_PKCS_PSS,
                CKM.SHA256_RSA_PKCS,
                CKM.ECDSA,
                CKM.EDDSA,
                CKM.ECDH1_DERIVE,
                CKM.SHA256
            })
    void forMail(long mechanism) {
        assertThat(policy().offers(application("/usr/bin/mail"), mechanism)).isTrue();
    }

    @Test
    @DisplayName("A list of mechanisms narrows the profile and never widens it")
    void mechanisms() {
        AccessPolicy policy = policy(new ApplicationRule(
                Set.of(), Set.of(), List.of(), ALL, Set.of(CKM.RSA_PKCS, CKM.AES_CBC), Profile.MAIL));
        Caller mail = application("/usr/bin/mail");
        assertThat(policy.offers(mail, CKM.RSA_PKCS)).isTrue();
        assertThat(policy.offers(mail, CKM.ECDSA)).isFalse();
        assertThat(policy.offers(mail, CKM.AES_CBC)).isFalse();
    }

    @ParameterizedTest
    @DisplayName("A hidden key is not seen and does nothing, whichever door the program takes")
    @EnumSource(Front.class)
    void hidden(Front front) throws Exception {
        AccessPolicy policy = policy(rule(Set.of(), List.of("pkcs11:object=home"), Set.of(), Profile.MAIL));
        Caller mail = caller("/usr/bin/mail", 1000, Caller.Sandbox.NONE, front);
        assertThat(policy.shows(mail, HOME)).isFalse();
        assertThat(policy.mayUse(mail, HOME)).isFalse();
        for (KeyUse use : List.of(SIGN, DECRYPT, DERIVE)) {
            assertThat(policy.decide(mail, HOME, use))
                    .isInstanceOfSatisfying(
                            Decision.Denied.class,
                            denied -> assertThat(denied.reason()).contains("[[application]]"));
        }
        assertThat(policy.shows(mail, WORK)).isTrue();
        assertThat(policy.decide(mail, WORK, SIGN)).isInstanceOf(Decision.Granted.class);
    }

    @ParameterizedTest
    @DisplayName("Each right lets do its own thing and no other")
    @EnumSource(KeyRight.class)
    void oneRight(KeyRight right) throws Exception {
        AccessPolicy policy = policy(rule(Set.of(), List.of(), EnumSet.of(KeyRight.LISTED, right), Profile.MAIL));
        Caller mail = application("/usr/bin/mail");
        assertThat(policy.shows(mail, WORK)).isTrue();
        assertThat(policy.mayUse(mail, WORK)).isEqualTo(right != KeyRight.LISTED);
        assertThat(granted(policy, mail, SIGN)).isEqualTo(right == KeyRight.SIGN);
        assertThat(granted(policy, mail, DECRYPT)).isEqualTo(right == KeyRight.DECRYPT);
        assertThat(granted(policy, mail, DERIVE)).isEqualTo(right == KeyRight.DERIVE);
    }

    private static boolean granted(AccessPolicy policy, Caller caller, KeyUse use) {
        return policy.decide(caller, WORK, use) instanceof Decision.Granted;
    }

    @Test
    @DisplayName("The first table that fits holds, for each key by itself")
    void firstMatch() throws Exception {
        AccessPolicy policy = policy(
                rule(Set.of("/usr/bin/mail"), List.of("pkcs11:object=work"), ALL, Profile.MAIL),
                rule(Set.of("/usr/bin/mail"), List.of(), Set.of(KeyRight.LISTED), Profile.GENERIC),
                rule(Set.of(), List.of(), Set.of(), Profile.MAIL));
        Caller mail = application("/usr/bin/mail");
        assertThat(granted(policy, mail, SIGN)).isTrue();
        assertThat(policy.shows(mail, HOME)).isTrue();
        assertThat(policy.mayUse(mail, HOME)).isFalse();
        assertThat(policy.shows(application("/usr/bin/other"), WORK)).isFalse();
        // What is about one key says nothing of mechanisms: the table for all keys does.
        assertThat(policy.offers(mail, CKM.AES_CBC)).isTrue();
        assertThat(policy.offers(application("/usr/bin/other"), CKM.AES_CBC)).isFalse();
    }

    @Test
    @DisplayName("A table may be for some users")
    void users() {
        AccessPolicy policy =
                policy(new ApplicationRule(Set.of(), Set.of(1001), List.of(), Set.of(), Set.of(), Profile.MAIL));
        assertThat(policy.shows(caller("/usr/bin/mail", 1001, Caller.Sandbox.NONE, Front.P11KIT), WORK))
                .isFalse();
        assertThat(policy.shows(caller("/usr/bin/mail", 1000, Caller.Sandbox.NONE, Front.P11KIT), WORK))
                .isTrue();
    }

    @ParameterizedTest
    @DisplayName(
            "Only a program that is named manages tokens, and only outside a sandbox, where its name can be believed")
    @EnumSource(Caller.Sandbox.class)
    void manages(Caller.Sandbox sandbox) throws Exception {
        AccessPolicy policy = policy(rule(Set.of("/usr/bin/p11tool"), List.of(), ALL, Profile.MANAGE));
        assertThat(policy.objectionToManaging(caller("/usr/bin/p11tool", 1000, sandbox, Front.P11KIT))
                        .isEmpty())
                .isEqualTo(sandbox == Caller.Sandbox.NONE);
        assertThat(policy.objectionToManaging(caller("/usr/bin/mail", 1000, sandbox, Front.P11KIT)))
                .isPresent();
    }

    @Test
    @DisplayName("A right to a key does not overrule what the key's own table says")
    void keyRulesHold() throws Exception {
        AccessPolicy policy = new AccessPolicy(
                List.of(new KeyRule(KeyName.parse("pkcs11:object=work"), KeyRule.Role.CA, Set.of(), Set.of(), false)),
                List.of(rule(Set.of("/usr/bin/p11tool"), List.of(), ALL, Profile.MANAGE)));
        assertThat(policy.decide(application("/usr/bin/p11tool"), WORK, SIGN))
                .isInstanceOfSatisfying(
                        Decision.Denied.class,
                        denied -> assertThat(denied.reason()).contains("role ca"));
    }

    @Test
    @DisplayName("A confined program is asked about each use, whatever its table allows")
    void confined() throws Exception {
        AccessPolicy policy = policy(rule(Set.of("/usr/bin/mail"), List.of(), ALL, Profile.GENERIC));
        Caller confined = caller("/usr/bin/mail", 1000, Caller.Sandbox.CONFINED, Front.P11KIT);
        assertThat(policy.decide(confined, WORK, SIGN)).isInstanceOf(Decision.NeedsConfirmation.class);
    }
}
