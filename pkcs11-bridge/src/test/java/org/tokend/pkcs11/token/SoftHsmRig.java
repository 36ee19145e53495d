package org.tokend.pkcs11.token;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.tokend.fixtures.softhsm.SoftHsmToken;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.TokenState;
import org.tokend.pkcs11.cryptoki.IaikCryptoki;
import org.tokend.pkcs11.object.CatalogRoom;
import org.tokend.pkcs11.object.ObjectIds;
import org.tokend.pkcs11.operation.QuirkTable;

/** A SoftHSM token, its module in this process under a script, and the scanner on top. */
public final class SoftHsmRig implements AutoCloseable {
    private final SoftHsmToken hsm;
    private final ScriptedModule module;
    private final ModuleTokens tokens;

    private SoftHsmRig(SoftHsmToken hsm, ScriptedModule module, ModuleTokens tokens) {
        this.hsm = hsm;
        this.module = module;
        this.tokens = tokens;
    }

    /** Takes the token over. Keys must be on it already where the module does not look for new ones. */
    public static SoftHsmRig on(SoftHsmToken hsm) throws Exception {
        return on(hsm, 8, new TokenOptions(0, Duration.ofSeconds(20), TokenOptions.DEFAULT.pause()));
    }

    public static SoftHsmRig on(SoftHsmToken hsm, int connections, TokenOptions options) throws Exception {
        IaikCryptoki cryptoki = hsm.inEnvironment(() -> IaikCryptoki.open(hsm.modulePath(), null));
        ScriptedModule module = new ScriptedModule(cryptoki, connections);
        ModuleTokens tokens =
                new ModuleTokens(module, options, QuirkTable.load(), new ObjectIds(), CatalogRoom.ofHeap());
        tokens.scan();
        return new SoftHsmRig(hsm, module, tokens);
    }

    public Token token() {
        return tokens.tokens().getFirst();
    }

    public ScriptedModule module() {
        return module;
    }

    public ModuleTokens tokens() {
        return tokens;
    }

    public SoftHsmToken hsm() {
        return hsm;
    }

    public void login() throws TokenException {
        login(new String(hsm.pin()));
    }

    public void login(String pin) throws TokenException {
        try (Arena arena = Arena.ofConfined()) {
            token().login(segment(arena, pin));
        }
    }

    /** As the daemon does: one login at a time, and none where there is one. */
    synchronized void ensureLoggedIn() throws TokenException {
        if (!(token().state() instanceof TokenState.LoggedIn)) {
            login();
        }
    }

    public static MemorySegment segment(Arena arena, String pin) {
        return arena.allocateFrom(ValueLayout.JAVA_BYTE, pin.getBytes(StandardCharsets.UTF_8));
    }

    public KeyDescriptor key(String label) throws TokenException {
        List<KeyDescriptor> found =
                token().keys().stream().filter(key -> key.label().equals(label)).toList();
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " keys are labelled " + label + ": " + token().keys());
        }
        return found.getFirst();
    }

    @Override
    public void close() {
        tokens.close();
        module.close();
        hsm.close();
    }
}
