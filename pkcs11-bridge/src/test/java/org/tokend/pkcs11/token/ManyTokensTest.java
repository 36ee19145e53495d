package org.tokend.pkcs11.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tokend.fixtures.softhsm.SoftHsmToken;
import org.tokend.pkcs11.cryptoki.TokenInfo;

class ManyTokensTest {
    @Test
    @Timeout(60)
    @DisplayName(
            "A module that shows another token at each look is believed a thousand times, and its first token goes on")
    void anotherEachTime() throws Exception {
        try (SoftHsmRig rig = SoftHsmRig.on(SoftHsmToken.create())) {
            Token first = rig.token();
            rig.module()
                    .script(call -> call.name().equals("getTokenInfo")
                            ? withSerial((TokenInfo) Objects.requireNonNull(call.proceed()), "n" + call.index())
                            : call.proceed());
            for (int i = 0; i < ModuleTokens.MOST_TOKENS + 20; i++) {
                rig.tokens().scan();
            }
            assertThat(rig.tokens().tokens()).hasSize(ModuleTokens.MOST_TOKENS);

            rig.module().honest();
            rig.tokens().scan();
            rig.login();
            assertThat(first.keys()).isEmpty();
        }
    }

    private static TokenInfo withSerial(TokenInfo info, String serial) {
        return new TokenInfo(
                info.label(),
                info.manufacturer(),
                info.model(),
                serial,
                info.flags(),
                info.maxSessionCount(),
                info.sessionCount(),
                info.maxRwSessionCount(),
                info.rwSessionCount(),
                info.maxPinLength(),
                info.minPinLength(),
                info.totalPublicMemory(),
                info.freePublicMemory(),
                info.totalPrivateMemory(),
                info.freePrivateMemory(),
                info.hardwareVersion(),
                info.firmwareVersion(),
                info.utcTime());
    }
}
