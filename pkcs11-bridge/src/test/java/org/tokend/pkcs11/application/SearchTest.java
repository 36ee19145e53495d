package org.tokend.pkcs11.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tokend.pkcs11.application.ApplicationRig.refused;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.AttributeValues;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKO;
import org.tokend.pkcs11.cryptoki.CKR;

class SearchTest {
    private final ApplicationRig rig = new ApplicationRig();
    private final Application application = rig.application;

    @AfterEach
    void close() {
        rig.close();
    }

    private static byte[] number(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    @Test
    @DisplayName("Private objects are there for those who are logged in")
    void privateObjects() throws Exception {
        rig.token.addKey("mine", new byte[] {1}, SoftwareKeys.P256);
        long session = rig.open();
        assertThat(rig.find(session)).hasSize(1);
        assertThat(rig.find(session, Attribute.of(CKA.CLASS, CKO.PRIVATE_KEY))).isEmpty();
        application.login(session, 1, null);
        long[] both = rig.find(session);
        assertThat(both).hasSize(2);
        long key = rig.findOne(session, CKO.PRIVATE_KEY, "mine");
        application.logout(session);
        assertThat(rig.find(session)).hasSize(1);
        refused(CKR.OBJECT_HANDLE_INVALID, () -> application.getAttributeValue(session, key, CKA.LABEL));
        application.login(session, 1, null);
        assertThat(rig.find(session)).isEqualTo(both);
    }

    @Test
    @DisplayName("A hidden key does not show, nor its public key and certificate")
    void hidden() throws Exception {
        rig.token.addKey("mine", new byte[] {1}, SoftwareKeys.P256);
        rig.token.addKey("hidden", new byte[] {2}, SoftwareKeys.RSA);
        long session = rig.openLoggedIn();
        assertThat(rig.find(session)).hasSize(4);
        rig.gate.hiddenKeys.add("hidden");
        assertThat(rig.find(session)).hasSize(2);
        assertThat(rig.find(session, Attribute.of(CKA.ID, new byte[] {2}))).isEmpty();
    }

    @Test
    @DisplayName("Among 5,000 objects the right ones are found, by CKA_ID and by anything else")
    void many() throws Exception {
        for (int i = 0; i < 5000; i++) {
            rig.token.add(
                    null,
                    List.of(
                            Attribute.of(CKA.CLASS, i % 2 == 0 ? CKO.CERTIFICATE : CKO.DATA),
                            Attribute.of(CKA.TOKEN, true),
                            Attribute.of(CKA.PRIVATE, false),
                            Attribute.of(CKA.ID, number(i / 2)),
                            Attribute.of(CKA.LABEL, number(i % 10))));
        }
        long session = rig.open();
        assertThat(rig.find(session, Attribute.of(CKA.ID, number(77)))).hasSize(2);
        assertThat(rig.find(session, Attribute.of(CKA.CLASS, CKO.DATA), Attribute.of(CKA.ID, number(77))))
                .hasSize(1);
        assertThat(rig.find(session, Attribute.of(CKA.CLASS, CKO.CERTIFICATE))).hasSize(2500);
        assertThat(rig.find(session, Attribute.of(CKA.LABEL, number(4)), Attribute.of(CKA.TOKEN, true)))
                .hasSize(500);
        assertThat(rig.find(session, Attribute.of(CKA.TOKEN, false))).isEmpty();
        assertThat(rig.find(session, Attribute.of(CKA.SUBJECT, number(4)))).isEmpty();
    }

    @Test
    @DisplayName("What one application's search has read of many objects, another one's does not read again")
    void shared() throws Exception {
        List<FakeObject> all = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            all.add(rig.token.add(
                    null,
                    List.of(
                            Attribute.of(CKA.CLASS, CKO.DATA),
                            Attribute.of(CKA.TOKEN, true),
                            Attribute.of(CKA.LABEL, number(i)))));
        }
        assertThat(rig.find(rig.open(), Attribute.of(CKA.LABEL, number(7)))).hasSize(1);
        all.forEach(object -> object.asked = 0);
        try (Application other = new Application(rig.gate, ApplicationLimits.DEFAULT, rig.memory.share("other"))) {
            long session = other.openSession(rig.slot, ApplicationRig.READ_ONLY);
            other.findObjectsInit(session, List.of(Attribute.of(CKA.LABEL, number(7))));
            assertThat(other.findObjects(session, 10)).hasSize(1);
        }
        assertThat(all).filteredOn(object -> object.asked > 0).containsExactly(all.get(7));
    }

    @Test
    @DisplayName("What was found is given out in pieces of the asked size, in one search at a time")
    void pieces() throws Exception {
        rig.token.addKey("one", new byte[] {1}, SoftwareKeys.P256);
        rig.token.addKey("two", new byte[] {2}, SoftwareKeys.RSA);
        long session = rig.openLoggedIn();
        refused(CKR.OPERATION_NOT_INITIALIZED, () -> application.findObjects(session, 1));
        application.findObjectsInit(session, List.of());
        refused(CKR.OPERATION_ACTIVE, () -> application.findObjectsInit(session, List.of()));
        assertThat(application.findObjects(session, 3)).hasSize(3).doesNotContain(0);
        assertThat(application.findObjects(session, 3)).hasSize(1);
        assertThat(application.findObjects(session, 3)).isEmpty();
        application.findObjectsFinal(session);
        refused(CKR.OPERATION_NOT_INITIALIZED, () -> application.findObjectsFinal(session));
    }

    @Test
    @DisplayName("Attributes come in the asked order, but never what makes a key secret")
    void attributes() throws Exception {
        rig.token.addKey("mine", new byte[] {1}, SoftwareKeys.P256);
        long session = rig.openLoggedIn();
        long key = rig.findOne(session, CKO.PRIVATE_KEY, "mine");
        AttributeValues values = application.getAttributeValue(session, key, CKA.ID, CKA.VALUE, CKA.CLASS);
        assertThat(values.returnValue()).isEqualTo(CKR.ATTRIBUTE_SENSITIVE);
        assertThat(values.attributes())
                .containsExactly(
                        Attribute.of(CKA.ID, new byte[] {1}),
                        Attribute.unavailable(CKA.VALUE),
                        Attribute.of(CKA.CLASS, CKO.PRIVATE_KEY));
        assertThat(application.getAttributeValue(session, key, CKA.START_DATE).returnValue())
                .isEqualTo(CKR.ATTRIBUTE_TYPE_INVALID);
        assertThat(application.getObjectSize(session, key)).isEqualTo(4711);
        assertThat(rig.find(session, Attribute.of(CKA.VALUE, new byte[] {1, 2, 3})))
                .isEmpty();
        refused(CKR.OBJECT_HANDLE_INVALID, () -> application.getAttributeValue(session, 0, CKA.ID));
        refused(CKR.OBJECT_HANDLE_INVALID, () -> application.getAttributeValue(session, 777, CKA.ID));
    }
}
