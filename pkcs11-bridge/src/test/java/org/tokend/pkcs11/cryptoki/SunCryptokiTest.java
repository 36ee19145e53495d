package org.tokend.pkcs11.cryptoki;

import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.tokend.fixtures.softhsm.SoftHsmToken;

@DisplayName("SunCryptoki")
class SunCryptokiTest implements CryptokiContract {
    private static SoftHsmToken token;
    private static SunCryptoki cryptoki;

    @BeforeAll
    static void open() throws Exception {
        token = SoftHsmToken.create();
        cryptoki = token.inEnvironment(() -> SunCryptoki.open(token.modulePath(), null));
    }

    @AfterAll
    static void close() {
        cryptoki.close();
        token.close();
    }

    @Override
    public Cryptoki cryptoki() {
        return cryptoki;
    }

    @Override
    public SoftHsmToken token() {
        return token;
    }

    @Override
    public Set<String> lacking() {
        return Set.of("C_CloseAllSessions", "C_GetObjectSize", "C_WaitForSlotEvent");
    }
}
