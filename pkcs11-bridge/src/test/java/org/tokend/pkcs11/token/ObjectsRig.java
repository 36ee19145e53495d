package org.tokend.pkcs11.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.tokend.fixtures.keys.TestKey;
import org.tokend.fixtures.softhsm.ImportedKey;
import org.tokend.fixtures.softhsm.SoftHsmToken;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKF;
import org.tokend.pkcs11.cryptoki.CKK;
import org.tokend.pkcs11.cryptoki.CKM;
import org.tokend.pkcs11.cryptoki.CKO;
import org.tokend.pkcs11.cryptoki.Cryptoki;
import org.tokend.pkcs11.cryptoki.CryptokiException;

/** Three keys on a SoftHSM token, and what else a test puts beside them. */
final class ObjectsRig implements AutoCloseable {
    private final SoftHsmRig rig;

    ObjectsRig() throws Exception {
        SoftHsmToken hsm = SoftHsmToken.create();
        ImportedKey rsa = hsm.importKey(TestKey.RSA_2048_A);
        hsm.importKey(TestKey.P256_A);
        hsm.importKey(TestKey.ED25519);
        rig = SoftHsmRig.on(hsm);
        assertThat(rsa.label()).isEqualTo(TestKey.RSA_2048_A.defaultLabel());
    }

    @Override
    public void close() {
        rig.close();
    }

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** As another program on the same module would, behind the catalogue's back. */
    interface Work<T> {
        T with(Cryptoki cryptoki, long session) throws CryptokiException;
    }

    <T> T directly(Work<T> work) throws CryptokiException {
        try (Cryptoki cryptoki = rig.module().connect()) {
            long slot = rig.tokens().slots().stream()
                    .filter(each -> each.token() != null)
                    .findFirst()
                    .orElseThrow()
                    .slot();
            long session = cryptoki.openSession(slot, CKF.SERIAL_SESSION | CKF.RW_SESSION);
            try {
                return work.with(cryptoki, session);
            } finally {
                cryptoki.closeSession(session);
            }
        }
    }

    private long create(Attribute... attributes) throws CryptokiException {
        List<Attribute> template = new ArrayList<>(List.of(attributes));
        template.add(Attribute.of(CKA.TOKEN, true));
        return directly((cryptoki, session) -> cryptoki.createObject(session, template));
    }

    long createSecret(String label, boolean sensitive) throws CryptokiException {
        return create(
                Attribute.of(CKA.CLASS, CKO.SECRET_KEY),
                Attribute.of(CKA.KEY_TYPE, CKK.AES),
                Attribute.of(CKA.PRIVATE, true),
                Attribute.of(CKA.LABEL, text(label)),
                Attribute.of(CKA.SENSITIVE, sensitive),
                Attribute.of(CKA.EXTRACTABLE, !sensitive),
                Attribute.of(CKA.START_DATE, text("20250131")),
                Attribute.of(
                        CKA.ALLOWED_MECHANISMS,
                        Objects.requireNonNull(Attribute.of(0, CKM.AES_CBC_PAD).value())),
                Attribute.of(CKA.VALUE, text("32 bytes that are a key of AES..")));
    }

    long createData(String label, String value, boolean isPrivate) throws CryptokiException {
        return create(
                Attribute.of(CKA.CLASS, CKO.DATA),
                Attribute.of(CKA.PRIVATE, isPrivate),
                Attribute.of(CKA.APPLICATION, text("tokend")),
                Attribute.of(CKA.LABEL, text(label)),
                Attribute.of(CKA.VALUE, text(value)));
    }

    List<TokenObject> labelled(String label) throws TokenException {
        List<TokenObject> found = new ArrayList<>();
        for (TokenObject object : rig.token().objects()) {
            if (Arrays.equals(object.attributes(CKA.LABEL).get(CKA.LABEL).value(), text(label))) {
                found.add(object);
            }
        }
        return found;
    }

    TokenObject only(String label) throws TokenException {
        List<TokenObject> found = labelled(label);
        assertThat(found).as(label).hasSize(1);
        return found.getFirst();
    }

    List<Long> ids() throws TokenException {
        return rig.token().objects().stream().map(TokenObject::id).toList();
    }

    static long handle(TokenObject object) {
        return ((CatalogueObject) object).stored().handle();
    }

    List<TokenObject> labelledNow(String label) {
        try {
            return labelled(label);
        } catch (TokenException e) {
            throw new AssertionError(e);
        }
    }

    List<Long> idsNow() {
        try {
            return ids();
        } catch (TokenException e) {
            throw new AssertionError(e);
        }
    }

    SoftHsmRig rig() {
        return rig;
    }
}
