package org.tokend.pkcs11.application;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKO;
import org.tokend.pkcs11.cryptoki.CKR;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.cryptoki.Mechanism;
import org.tokend.pkcs11.token.TokenAdministration;
import org.tokend.pkcs11.token.TokenObject;

/** Remembers what it was asked for. */
final class FakeAdministration implements TokenAdministration {
    static final String OFFICER_PIN = "officer";

    private final FakeToken token;
    final List<String> asked = new ArrayList<>();

    FakeAdministration(FakeToken token) {
        this.token = token;
    }

    private static String text(@Nullable MemorySegment pin) {
        return pin == null ? "null" : new String(pin.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }

    @Override
    public TokenObject create(List<Attribute> template) {
        asked.add("create");
        return token.add(null, template);
    }

    @Override
    public TokenObject copy(TokenObject object, List<Attribute> template) {
        asked.add("copy");
        List<Attribute> all = new ArrayList<>(((FakeObject) object).attributes.values());
        all.addAll(template);
        return token.add(object.key(), all);
    }

    @Override
    public void destroy(TokenObject object) {
        asked.add("destroy");
        token.remove(object);
    }

    @Override
    public void setAttributes(TokenObject object, List<Attribute> template) {
        asked.add("setAttributes");
        template.forEach(change -> ((FakeObject) object).attributes.put(change.type(), change));
    }

    @Override
    public List<TokenObject> generateKeyPair(
            Mechanism mechanism, List<Attribute> publicTemplate, List<Attribute> privateTemplate) {
        asked.add("generateKeyPair");
        return List.of(
                token.add(null, with(publicTemplate, CKO.PUBLIC_KEY)),
                token.add(null, with(privateTemplate, CKO.PRIVATE_KEY)));
    }

    private static List<Attribute> with(List<Attribute> template, long objectClass) {
        List<Attribute> all = new ArrayList<>(template);
        all.add(Attribute.of(CKA.CLASS, objectClass));
        return all;
    }

    @Override
    public TokenObject generateKey(Mechanism mechanism, List<Attribute> template) {
        asked.add("generateKey");
        return token.add(null, with(template, CKO.SECRET_KEY));
    }

    @Override
    public byte[] wrap(Mechanism mechanism, TokenObject wrappingKey, TokenObject key) {
        asked.add("wrap");
        return new byte[] {1};
    }

    @Override
    public byte[] wrapOut(Mechanism mechanism, byte[] wrappingKey, TokenObject key) {
        throw new AssertionError("not for applications");
    }

    @Override
    public TokenObject unwrap(
            Mechanism mechanism, TokenObject unwrappingKey, byte[] wrapped, List<Attribute> template) {
        asked.add("unwrap");
        return token.add(null, template);
    }

    @Override
    public void checkOfficerPin(@Nullable MemorySegment officerPin) throws CryptokiException {
        if (!text(officerPin).equals(OFFICER_PIN)) {
            throw new CryptokiException("C_Login", CKR.PIN_INCORRECT);
        }
    }

    @Override
    public void initPin(@Nullable MemorySegment officerPin, @Nullable MemorySegment userPin) {
        asked.add("initPin " + text(officerPin) + " " + text(userPin));
    }

    @Override
    public void setPin(@Nullable MemorySegment oldPin, @Nullable MemorySegment newPin) {
        asked.add("setPin " + text(oldPin) + " " + text(newPin));
    }

    @Override
    public void setOfficerPin(@Nullable MemorySegment oldPin, @Nullable MemorySegment newPin) {
        asked.add("setOfficerPin " + text(oldPin) + " " + text(newPin));
    }

    @Override
    public void initialise(@Nullable MemorySegment officerPin, String label) {
        asked.add("initialise " + text(officerPin) + " " + label);
    }
}
