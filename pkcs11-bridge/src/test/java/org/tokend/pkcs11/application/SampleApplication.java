package org.tokend.pkcs11.application;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKO;
import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/** An application for other packages' tests: the same handles stand for the same things every time. */
public final class SampleApplication implements AutoCloseable {
    public static final long SLOT = 1;
    /** Logged in, and may write. */
    public static final long SESSION = 1;

    public static final long RSA_PRIVATE = 4;
    public static final long RSA_PUBLIC = 6;
    public static final long EC_PRIVATE = 8;
    public static final long EC_PUBLIC = 10;
    /** In the memory of the application. */
    public static final long DATA = 1;

    private static final KeyPair RSA = TestKey.RSA_2048_A.keyPair();
    private static final KeyPair EC = TestKey.P256_A.keyPair();

    private final ApplicationRig rig = new ApplicationRig();

    /** @param manages whether it may change the token */
    public SampleApplication(boolean manages) throws CryptokiException {
        rig.gate.manages = manages;
        rig.token.addKey("rsa", new byte[] {1}, RSA);
        rig.token.addKey("ec", new byte[] {2}, EC);
        rig.openLoggedIn();
        rig.application.createObject(
                SESSION,
                List.of(
                        Attribute.of(CKA.CLASS, CKO.DATA),
                        Attribute.of(CKA.VALUE, "data".getBytes(StandardCharsets.US_ASCII))));
    }

    public Cryptoki cryptoki() {
        return rig.application;
    }

    /** The handles of all objects that it sees, to hold the constants to. */
    public List<Long> objects() throws CryptokiException {
        List<Long> objects = new ArrayList<>();
        for (long object : rig.find(SESSION)) {
            objects.add(object);
        }
        return objects;
    }

    @Override
    public void close() {
        rig.close();
    }
}
