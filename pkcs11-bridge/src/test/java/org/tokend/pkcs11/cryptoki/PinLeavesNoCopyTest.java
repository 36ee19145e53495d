package org.tokend.pkcs11.cryptoki;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tokend.fixtures.softhsm.SoftHsmToken;
import org.tokend.pkcs11.linux.LockedPage;

@DisplayName("A PIN that went by pointer")
class PinLeavesNoCopyTest {
    private static final int LENGTH = 20;

    private interface Opener {
        LocalCryptoki open(Path file, @Nullable String reserved) throws CryptokiException;
    }

    private enum Wrapper {
        IAIK(IaikCryptoki::open),
        SUN(SunCryptoki::open);

        private final Opener opener;

        Wrapper(Opener opener) {
            this.opener = opener;
        }
    }

    @DisplayName("is nowhere in this JVM after it was set and used")
    @ParameterizedTest
    @EnumSource
    void noCopy(Wrapper wrapper) throws Exception {
        try (SoftHsmToken token = SoftHsmToken.create();
                LockedPage page = LockedPage.allocate(LENGTH);
                LocalCryptoki cryptoki = token.inEnvironment(() -> wrapper.opener.open(token.modulePath(), null))) {
            MemorySegment pin = randomPin(page);
            byte[] masked = OwnMemory.masked(pin);
            try (TestSession session = TestSession.loggedIn(cryptoki, token);
                    LockedPage old = LockedPage.allocate(token.pinBytes().length)) {
                old.segment().copyFrom(MemorySegment.ofArray(token.pinBytes()));
                cryptoki.setPin(session.handle(), old.segment(), pin);
                cryptoki.logout(session.handle());
                cryptoki.login(session.handle(), CKU.USER, pin);
                assertThat(session.state()).isEqualTo(CKS.RW_USER_FUNCTIONS);
                assertThat(OwnMemory.copies(masked)).as("the page itself").isEqualTo(1);
                page.zero();
                assertThat(OwnMemory.copies(masked)).as("copies").isZero();
            }
        }
    }

    @DisplayName("would be found on the heap, in Latin-1 and in UTF-16")
    @Test
    void theScanFindsCopies() throws Exception {
        try (LockedPage page = LockedPage.allocate(LENGTH)) {
            byte[] masked = OwnMemory.masked(randomPin(page));
            byte[] latin = page.segment().toArray(ValueLayout.JAVA_BYTE);
            char[] wide = new String(latin, StandardCharsets.US_ASCII).toCharArray();
            assertThat(OwnMemory.copies(masked)).isGreaterThanOrEqualTo(3);
            assertThat(wide).hasSize(latin.length);
        }
    }

    /** Digits, made where they stay. */
    private static MemorySegment randomPin(LockedPage page) {
        SecureRandom random = new SecureRandom();
        for (int i = 0; i < LENGTH; i++) {
            page.segment().set(ValueLayout.JAVA_BYTE, i, (byte) ('0' + random.nextInt(10)));
        }
        return page.segment();
    }
}
