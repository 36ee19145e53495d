package org.tokend.pkcs11.host;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.IaikCryptoki;
import org.tokend.pkcs11.cryptoki.LocalCryptoki;
import org.tokend.pkcs11.cryptoki.SunCryptoki;

/** What calls the module's functions. */
public enum Wrapper {
    /** ipkcs11wrapper. */
    IAIK,
    /** The one inside SunPKCS11, which every JDK brings along. */
    SUN;

    LocalCryptoki open(Path file, @Nullable String reserved) throws CryptokiException {
        return switch (this) {
            case IAIK -> IaikCryptoki.open(file, reserved);
            case SUN -> SunCryptoki.open(file, reserved);
        };
    }
}
