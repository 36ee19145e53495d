package org.tokend.pkcs11.application;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.KeyAlgorithm;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.Pkcs1Rejection;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.TokenState;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.token.ReaderSlot;
import org.tokend.pkcs11.token.SoftHsmRig;
import org.tokend.pkcs11.token.Token;

/** Lets an application do everything with a SoftHSM token. The person types the right PIN. */
final class DirectGate implements ApplicationGate {
    private final SoftHsmRig rig;

    DirectGate(SoftHsmRig rig) {
        this.rig = rig;
    }

    @Override
    public List<ApplicationSlot> slots() {
        List<ReaderSlot> readers = rig.tokens().slots();
        return readers.stream()
                .map(reader -> new ApplicationSlot(
                        readers.indexOf(reader) + 1L, reader, reader.token() != null || reader.blank()))
                .toList();
    }

    @Override
    public long slotChanges() {
        return 0;
    }

    @Override
    public void awaitSlotChange(long seen) throws InterruptedException {
        Thread.sleep(Long.MAX_VALUE);
    }

    @Override
    public boolean mayManage() {
        return true;
    }

    @Override
    public boolean shows(KeyDescriptor key) {
        return true;
    }

    @Override
    public boolean offers(Token token, long mechanism) {
        return true;
    }

    @Override
    public void login(Token token, @Nullable MemorySegment pin) throws CryptokiException {
        if (token.state() instanceof TokenState.LoggedIn) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            token.login(SoftHsmRig.segment(arena, new String(rig.hsm().pin())));
        } catch (TokenException e) {
            throw Refusal.of("C_Login", e);
        }
    }

    private interface Use {
        byte[] apply() throws TokenException;
    }

    private static byte[] use(String function, Use use) throws CryptokiException {
        try {
            return use.apply();
        } catch (TokenException e) {
            throw Refusal.of(function, e);
        }
    }

    @Override
    public byte[] sign(Token token, KeyDescriptor key, KeyAlgorithm algorithm, byte[] input) throws CryptokiException {
        return use("C_Sign", () -> token.sign(key, algorithm, input, null));
    }

    @Override
    public byte[] decrypt(Token token, KeyDescriptor key, KeyAlgorithm algorithm, byte[] ciphertext)
            throws CryptokiException {
        return use(
                "C_Decrypt",
                () -> algorithm == KeyAlgorithm.RSA_PKCS1
                        ? token.decryptPkcs1(key, ciphertext, Pkcs1Rejection.ofAnyLength(new byte[16]), null)
                        : token.decrypt(key, algorithm, ciphertext, null));
    }

    @Override
    public byte[] agree(Token token, KeyDescriptor key, byte[] publicKey) throws CryptokiException {
        return use("C_DeriveKey", () -> token.agree(key, publicKey, null));
    }

    @Override
    public void manage(String function, @Nullable Token token) {}

    @Override
    public void initialise(ApplicationSlot slot, @Nullable MemorySegment officerPin, String label)
            throws CryptokiException {
        try {
            rig.tokens().initialise(slot.reader(), officerPin, label);
        } catch (TokenException e) {
            throw Refusal.of("C_InitToken", e);
        }
    }
}
