package org.tokend.pkcs11.cryptoki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.tokend.pkcs11.cryptoki.ContractSubject.assertFails;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokend.fixtures.fault.CryptokiFunction;
import org.tokend.fixtures.fault.Fault;
import org.tokend.fixtures.fault.FaultModule;
import org.tokend.fixtures.softhsm.SoftHsmToken;

@DisplayName("A module that does not keep to the standard")
class WrongModuleTest {
    private SoftHsmToken token;
    private FaultModule module;

    @BeforeEach
    void createModule() {
        token = SoftHsmToken.create();
        module = FaultModule.over(token);
    }

    @AfterEach
    void deleteModule() {
        module.close();
        token.close();
    }

    private IaikCryptoki open() throws Exception {
        return token.inEnvironment(() -> IaikCryptoki.open(module.modulePath(), null));
    }

    @DisplayName("that claims more than the buffer holds is answered with an error and not believed")
    @ParameterizedTest
    @ValueSource(longs = {1 << 10, (1 << 10) + 21, 1L << 31, Long.MAX_VALUE, -1L})
    void claimsTooMuch(long length) throws Exception {
        try (IaikCryptoki cryptoki = open();
                TestSession session = TestSession.loggedIn(cryptoki, token)) {
            long key = session.create(TestKeys.rsaPrivate(CKA.SIGN));
            byte[] data = new byte[20];
            module.onEach(CryptokiFunction.C_SIGN, Fault.claimsLength(length));
            cryptoki.signInit(session.handle(), Mechanism.of(CKM.RSA_PKCS), key);
            if (length == 1 << 10) {
                // Within the buffer: what it wrote and zeros, for the verification to refuse.
                assertThat(cryptoki.sign(session.handle(), data)).hasSize(1 << 10);
            } else {
                assertFails("C_Sign", CKR.GENERAL_ERROR, () -> cryptoki.sign(session.handle(), data));
            }
        }
    }

    @DisplayName("that claims no result at all gives an empty one")
    @Test
    void claimsNothing() throws Exception {
        try (IaikCryptoki cryptoki = open();
                TestSession session = TestSession.loggedIn(cryptoki, token)) {
            long key = session.create(TestKeys.rsaPrivate(CKA.SIGN));
            module.onEach(CryptokiFunction.C_SIGN, Fault.claimsLength(0));
            assertThat(cryptoki.signOnce(session.handle(), Mechanism.of(CKM.RSA_PKCS), key, new byte[20]))
                    .isEmpty();
        }
    }

    @DisplayName("is called once for one signature")
    @Test
    void oneCall() throws Exception {
        try (IaikCryptoki cryptoki = open();
                TestSession session = TestSession.loggedIn(cryptoki, token)) {
            long key = session.create(TestKeys.rsaPrivate(CKA.SIGN));
            cryptoki.signOnce(session.handle(), Mechanism.of(CKM.RSA_PKCS), key, new byte[20]);
            assertThat(module.count(CryptokiFunction.C_SIGN)).isOne();
        }
    }

    @DisplayName("that always wants a larger buffer is given up on")
    @Test
    void neverSatisfied() throws Exception {
        try (IaikCryptoki cryptoki = open();
                TestSession session = TestSession.loggedIn(cryptoki, token)) {
            long key = session.create(TestKeys.rsaPrivate(CKA.SIGN));
            module.onEach(CryptokiFunction.C_SIGN, Fault.returns(CKR.BUFFER_TOO_SMALL));
            cryptoki.signInit(session.handle(), Mechanism.of(CKM.RSA_PKCS), key);
            assertFails("C_Sign", CKR.GENERAL_ERROR, () -> cryptoki.sign(session.handle(), new byte[20]));
        }
    }

    @DisplayName("that cannot lock is used by one thread")
    @Test
    void cannotLock() throws Exception {
        try (IaikCryptoki cryptoki = open()) {
            assertThat(cryptoki.threadSafe()).isTrue();
        }
        module.cannotLock();
        try (IaikCryptoki cryptoki = open();
                TestSession session = TestSession.loggedIn(cryptoki, token)) {
            assertThat(cryptoki.threadSafe()).isFalse();
            assertThat(session.state()).isEqualTo(CKS.RW_USER_FUNCTIONS);
        }
    }

    @DisplayName("that somebody else initialised is used, and not finalized")
    @Test
    void alreadyInitialised() throws Exception {
        try (IaikCryptoki first = open()) {
            try (IaikCryptoki second = open()) {
                assertThat(second.threadSafe()).isFalse();
                assertThat(TestSession.slot(second, token)).isEqualTo(TestSession.slot(first, token));
            }
            assertThat(module.count(CryptokiFunction.C_FINALIZE)).isZero();
            assertThat(first.getInfo().manufacturer()).isEqualTo("SoftHSM");
        }
        assertThat(module.count(CryptokiFunction.C_FINALIZE)).isOne();
    }

    @DisplayName("can be opened again after it was closed")
    @Test
    void reopened() throws Exception {
        for (int i = 0; i < 3; i++) {
            try (IaikCryptoki cryptoki = open();
                    TestSession session = TestSession.loggedIn(cryptoki, token)) {
                assertThat(session.state()).isEqualTo(CKS.RW_USER_FUNCTIONS);
            }
        }
    }

    @DisplayName("that fails to initialise says how")
    @Test
    void failsToInitialise() {
        module.onEach(CryptokiFunction.C_INITIALIZE, Fault.returns(CKR.DEVICE_ERROR));
        assertFails("C_Initialize", CKR.DEVICE_ERROR, this::open);
    }

    @DisplayName(
            "whose label is blank- or NUL-padded, cut in mid-character or not UTF-8 at all still has a readable one")
    @Test
    void labels() throws Exception {
        byte[] label = new byte[32];
        Arrays.fill(label, (byte) ' ');
        System.arraycopy("card".getBytes(StandardCharsets.US_ASCII), 0, label, 0, 4);
        assertThat(labelRead(label)).isEqualTo("card");
        Arrays.fill(label, 4, 32, (byte) 0);
        assertThat(labelRead(label)).isEqualTo("card");
        label[4] = (byte) 0xc3;
        Arrays.fill(label, 5, 32, (byte) ' ');
        assertThat(labelRead(label)).isEqualTo("card\ufffd");
        Arrays.fill(label, (byte) 'x');
        assertThat(labelRead(label)).isEqualTo("x".repeat(32));
    }

    private String labelRead(byte[] label) throws Exception {
        module.tokenLabel(label);
        try (IaikCryptoki iaik = open()) {
            String read = iaik.getTokenInfo(iaik.getSlotList(true)[0]).label();
            try (SunCryptoki sun = token.inEnvironment(() -> SunCryptoki.open(module.modulePath(), null))) {
                assertThat(sun.getTokenInfo(sun.getSlotList(true)[0]).label()).isEqualTo(read);
            }
            return read;
        }
    }

    @DisplayName("or that is none says what is wrong with the file")
    @Test
    void notAModule(@TempDir Path directory) throws Exception {
        Path missing = directory.resolve("missing.so");
        assertThatThrownBy(() -> IaikCryptoki.open(missing, null))
                .isInstanceOf(CryptokiException.class)
                .hasMessageContaining(
                        "cannot load " + missing + ": cannot open shared object file: No such file or directory");
        Path text = Files.writeString(directory.resolve("text.so"), "no library");
        assertThatThrownBy(() -> IaikCryptoki.open(text, null))
                .isInstanceOf(CryptokiException.class)
                .hasMessageContaining("cannot load " + text + ": file too short");
        assertThatThrownBy(() ->
                        IaikCryptoki.open(Path.of("/lib64/ld-linux-x86-64.so.2").toRealPath(), null))
                .isInstanceOf(CryptokiException.class)
                .hasMessageContaining("is no PKCS#11 module: it has no C_GetFunctionList");
    }
}
