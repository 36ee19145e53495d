package org.tokend.pkcs11.application;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.tokend.pkcs11.application.ApplicationRig.MEMORY;
import static org.tokend.pkcs11.application.ApplicationRig.refused;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKK;
import org.tokend.pkcs11.cryptoki.CKM;
import org.tokend.pkcs11.cryptoki.CKO;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.Mechanism;

@DisplayName("What applications keep in memory")
class ApplicationMemoryTest {
    private final ApplicationRig rig = new ApplicationRig();
    private final Application application = rig.application;

    @AfterEach
    void close() {
        rig.close();
    }

    private static List<Attribute> secret(int labelLength) {
        return List.of(
                Attribute.of(CKA.CLASS, CKO.SECRET_KEY),
                Attribute.of(CKA.KEY_TYPE, CKK.GENERIC_SECRET),
                Attribute.of(CKA.VALUE, new byte[] {1, 2, 3}),
                Attribute.of(CKA.LABEL, new byte[labelLength]));
    }

    /** Objects, sessions, searches and data to be signed. */
    private void keepAll() throws Exception {
        application.generateRandom(rig.open(), 1_000_000);
        rig.token.addKey("rsa", new byte[] {1}, SoftwareKeys.RSA);
        long session = rig.openLoggedIn();
        long object = application.createObject(session, secret(1_000_000));
        application.setAttributeValue(session, object, List.of(Attribute.of(CKA.LABEL, new byte[500_000])));
        application.copyObject(session, object, List.of());
        long key = rig.findOne(session, CKO.PRIVATE_KEY, "rsa");
        for (int i = 0; i < 500; i++) {
            long signing = rig.open();
            application.signInit(signing, Mechanism.of(CKM.RSA_PKCS), key);
            application.signUpdate(signing, new byte[200]);
        }
        long searching = rig.open();
        application.findObjectsInit(searching, List.of());
    }

    @Test
    @DisplayName("is there for others when the application has gone")
    void closed() throws Exception {
        keepAll();
        refused(CKR.HOST_MEMORY, () -> rig.memory.share("program").take(MEMORY / 2));
        application.close();
        assertThatCode(() -> rig.memory.share("program").take(MEMORY / 2)).doesNotThrowAnyException();
    }

    @Test
    @DisplayName("is refused when others of the same program keep all that it gets, and the application goes on")
    void full() throws Exception {
        rig.memory.share("program").take(MEMORY / 2);
        long session = rig.open();
        refused(CKR.HOST_MEMORY, () -> application.createObject(session, secret(100_000)));
        refused(CKR.HOST_MEMORY, () -> application.generateRandom(session, 100_000));
        application.createObject(session, secret(1_000));
        for (int i = 0; i < 8192; i++) {
            rig.token.add(null, List.of(Attribute.of(CKA.CLASS, CKO.DATA)));
        }
        refused(CKR.HOST_MEMORY, () -> application.findObjectsInit(session, List.of()));
        application.findObjectsInit(session, List.of(Attribute.of(CKA.CLASS, CKO.SECRET_KEY)));
        application.findObjectsFinal(session);
    }
}
