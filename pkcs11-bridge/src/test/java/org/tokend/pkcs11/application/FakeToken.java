package org.tokend.pkcs11.application;

import java.lang.foreign.MemorySegment;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tokend.pkcs11.KeyAlgorithm;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.KeyFingerprint;
import org.tokend.pkcs11.KeyType;
import org.tokend.pkcs11.PinTries;
import org.tokend.pkcs11.Pkcs1Rejection;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.TokenIdentity;
import org.tokend.pkcs11.TokenState;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.CKA;
import org.tokend.pkcs11.cryptoki.CKF;
import org.tokend.pkcs11.cryptoki.CKK;
import org.tokend.pkcs11.cryptoki.CKM;
import org.tokend.pkcs11.cryptoki.CKO;
import org.tokend.pkcs11.cryptoki.MechanismInfo;
import org.tokend.pkcs11.cryptoki.TokenInfo;
import org.tokend.pkcs11.cryptoki.Version;
import org.tokend.pkcs11.key.MalformedDerException;
import org.tokend.pkcs11.key.PublicKeyInfo;
import org.tokend.pkcs11.token.Token;
import org.tokend.pkcs11.token.TokenAdministration;
import org.tokend.pkcs11.token.TokenObject;
import org.tokend.pkcs11.token.TokenObjectList;

/** A token that is a list of objects, with its keys in software. */
final class FakeToken implements Token {
    private static final long ALL = CKF.HW
            | CKF.SIGN
            | CKF.VERIFY
            | CKF.ENCRYPT
            | CKF.DECRYPT
            | CKF.DERIVE
            | CKF.WRAP
            | CKF.UNWRAP
            | CKF.DIGEST
            | CKF.GENERATE_KEY_PAIR
            | CKF.GENERATE;

    private final String label;
    private final SoftwareKeys software = new SoftwareKeys();
    private final Map<Long, MechanismInfo> mechanisms = new HashMap<>();
    private final FakeAdministration administration = new FakeAdministration(this);
    private volatile List<TokenObject> objects = List.of();
    private @Nullable TokenObjectList listed;
    private long ids = 1;
    volatile TokenState state = new TokenState.LoggedOut(PinTries.UNKNOWN);

    FakeToken(String label) {
        this.label = label;
        for (long mechanism : new long[] {
            CKM.RSA_PKCS,
            CKM.SHA1_RSA_PKCS,
            CKM.SHA224_RSA_PKCS,
            CKM.SHA256_RSA_PKCS,
            CKM.SHA384_RSA_PKCS,
            CKM.SHA512_RSA_PKCS,
            CKM.RSA_PKCS_PSS,
            CKM.SHA256_RSA_PKCS_PSS,
            CKM.SHA1_RSA_PKCS_PSS,
            CKM.RSA_PKCS_OAEP,
            CKM.RSA_X_509,
            CKM.ECDSA,
            CKM.ECDSA_SHA1,
            CKM.ECDSA_SHA256,
            CKM.ECDSA_SHA384,
            CKM.EDDSA,
            CKM.ECDH1_DERIVE,
            CKM.MD5,
            CKM.SHA_1,
            CKM.SHA224,
            CKM.SHA256,
            CKM.SHA384,
            CKM.SHA512,
            CKM.AES_CBC,
            CKM.RSA_PKCS_KEY_PAIR_GEN,
            CKM.EC_KEY_PAIR_GEN,
            CKM.AES_KEY_GEN
        }) {
            mechanisms.put(mechanism, new MechanismInfo(256, 4096, ALL));
        }
    }

    SoftwareKeys software() {
        return software;
    }

    synchronized FakeObject add(@Nullable KeyDescriptor key, List<Attribute> attributes) {
        FakeObject object = new FakeObject(ids++, key, attributes);
        List<TokenObject> more = new ArrayList<>(objects);
        more.add(object);
        objects = List.copyOf(more);
        listed = null;
        return object;
    }

    synchronized void remove(TokenObject object) {
        objects = objects.stream().filter(each -> each != object).toList();
        listed = null;
    }

    /** Puts a private and a public key object on the token. */
    KeyDescriptor addKey(String keyLabel, byte[] id, KeyPair pair, Attribute... more) {
        KeyDescriptor key = descriptor(keyLabel, id, pair);
        software.add(key, pair);
        List<Attribute> common = new ArrayList<>(List.of(
                Attribute.of(CKA.TOKEN, true),
                Attribute.of(CKA.ID, id),
                Attribute.of(CKA.LABEL, keyLabel.getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                Attribute.of(CKA.KEY_TYPE, keyType(key.type()))));
        common.addAll(SoftwareKeys.publicAttributes(pair.getPublic()));
        List<Attribute> secret = new ArrayList<>(common);
        secret.add(Attribute.of(CKA.CLASS, CKO.PRIVATE_KEY));
        secret.add(Attribute.of(CKA.PRIVATE, true));
        secret.add(Attribute.of(CKA.VALUE, new byte[] {1, 2, 3}));
        secret.addAll(List.of(more));
        add(key, secret);
        List<Attribute> open = new ArrayList<>(common);
        open.add(Attribute.of(CKA.CLASS, CKO.PUBLIC_KEY));
        open.add(Attribute.of(CKA.PRIVATE, false));
        add(key, open);
        return key;
    }

    private static long keyType(KeyType type) {
        return switch (type) {
            case RSA -> CKK.RSA;
            case ED25519 -> CKK.EC_EDWARDS;
            default -> CKK.EC;
        };
    }

    private KeyDescriptor descriptor(String keyLabel, byte[] id, KeyPair pair) {
        try {
            PublicKeyInfo info = PublicKeyInfo.parse(pair.getPublic().getEncoded());
            return new KeyDescriptor(
                    identity(),
                    KeyFingerprint.of(info.der()),
                    info.type(),
                    info.bits(),
                    id,
                    keyLabel,
                    info.der(),
                    List.of(),
                    List.of(),
                    Set.of(KeyAlgorithm.values()),
                    false,
                    true,
                    null);
        } catch (MalformedDerException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public TokenIdentity identity() {
        return new TokenIdentity(label, "Fakes", "Fake", "0001");
    }

    @Override
    public String module() {
        return "fake";
    }

    @Override
    public TokenState state() {
        return state;
    }

    @Override
    public boolean pinPad() {
        return false;
    }

    @Override
    public int minPinLength() {
        return 4;
    }

    @Override
    public int maxPinLength() {
        return 16;
    }

    @Override
    public long generation() {
        return 1;
    }

    @Override
    public List<KeyDescriptor> keys() {
        return objects.stream()
                .map(TokenObject::key)
                .filter(java.util.Objects::nonNull)
                .distinct()
                .toList();
    }

    @Override
    public synchronized TokenObjectList objects() {
        TokenObjectList now = listed == null ? TokenObjectList.of(objects) : listed;
        listed = now;
        return now;
    }

    @Override
    public TokenInfo info() {
        Version version = new Version(1, 2);
        long flags = CKF.RNG
                | CKF.LOGIN_REQUIRED
                | CKF.USER_PIN_INITIALIZED
                | CKF.TOKEN_INITIALIZED
                | CKF.USER_PIN_COUNT_LOW
                | CKF.DUAL_CRYPTO_OPERATIONS;
        return new TokenInfo(
                label, "Fakes", "Fake", "0001", flags, 7, 5, 7, 5, 16, 4, -1, -1, -1, -1, version, version, "");
    }

    @Override
    public Map<Long, MechanismInfo> mechanisms() {
        return mechanisms;
    }

    @Override
    public byte[] random(int length) {
        byte[] random = new byte[length];
        new SecureRandom().nextBytes(random);
        return random;
    }

    @Override
    public void seedRandom(byte[] seed) {}

    @Override
    public TokenAdministration administration() {
        return administration;
    }

    FakeAdministration fakeAdministration() {
        return administration;
    }

    @Override
    public void login(@Nullable MemorySegment pin) {
        throw new AssertionError("the gate logs in");
    }

    @Override
    public void logout() {
        throw new AssertionError("applications never log the token out");
    }

    @Override
    public byte[] sign(KeyDescriptor key, KeyAlgorithm algorithm, byte[] input, @Nullable MemorySegment pin) {
        return software.sign(key, algorithm, input);
    }

    @Override
    public byte[] decrypt(KeyDescriptor key, KeyAlgorithm algorithm, byte[] ciphertext, @Nullable MemorySegment pin)
            throws TokenException {
        return software.decrypt(key, algorithm, ciphertext);
    }

    @Override
    public byte[] decryptPkcs1(
            KeyDescriptor key, byte[] ciphertext, Pkcs1Rejection rejection, @Nullable MemorySegment pin) {
        throw new AssertionError("the gate does this");
    }

    @Override
    public byte[] agree(KeyDescriptor key, byte[] publicKey, @Nullable MemorySegment pin) {
        return software.agree(key, publicKey);
    }

    @Override
    public void provePossession(KeyDescriptor key, @Nullable MemorySegment pin) {}

    @Override
    public void distrust(long generation, String reason) {}
}
