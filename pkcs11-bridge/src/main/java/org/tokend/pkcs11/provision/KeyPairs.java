package org.tokend.pkcs11.provision;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.tokend.pkcs11.KeyDescriptor;
import org.tokend.pkcs11.TokenException;
import org.tokend.pkcs11.cryptoki.Attribute;
import org.tokend.pkcs11.cryptoki.CKO;
import org.tokend.pkcs11.cryptoki.CryptokiException;
import org.tokend.pkcs11.key.MalformedDerException;
import org.tokend.pkcs11.key.PublicKeyInfo;
import org.tokend.pkcs11.token.Token;
import org.tokend.pkcs11.token.TokenObject;

/** The key pairs of one token, which must be unlocked. */
public final class KeyPairs {
    private static final int ID_LENGTH = 20;

    private final Token token;

    public KeyPairs(Token token) {
        this.token = token;
    }

    /** Made on the token; its private half never leaves it unless it was asked to be extractable. */
    public KeyDescriptor generate(NewKey wanted) throws TokenException {
        byte[] id = new byte[ID_LENGTH];
        new SecureRandom().nextBytes(id);
        List<TokenObject> objects = change(
                "make a key on",
                () -> token.administration()
                        .generateKeyPair(
                                KeyTemplates.generation(wanted.type()),
                                KeyTemplates.newPublicKey(wanted, id),
                                KeyTemplates.privateKey(wanted, id)));
        return descriptor(objects.getLast());
    }

    /**
     * Puts a key pair of software on the token, or nothing at all.
     *
     * @param subjectPublicKeyInfo DER
     * @throws TokenException.KeyAmbiguous when the token holds this key already
     */
    public KeyDescriptor store(PrivateKey key, byte[] subjectPublicKeyInfo, String label, boolean extractable)
            throws TokenException {
        PublicKeyInfo publicKey = parse(subjectPublicKeyInfo);
        Optional<KeyDescriptor> present = token.keys().stream()
                .filter(known -> known.fingerprint().equals(publicKey.fingerprint()) && known.seen())
                .findFirst();
        if (present.isPresent()) {
            throw new TokenException.KeyAmbiguous(
                    "The token " + token.identity().uri() + " holds this key already, as "
                            + present.get().uri() + ".",
                    List.of(present.get()));
        }
        NewKey wanted = new NewKey(publicKey.type(), publicKey.bits(), label, extractable);
        byte[] id = idOf(publicKey);
        List<Attribute> template = KeyTemplates.privateKey(wanted, id);
        List<Attribute> secret = SoftwareKey.secret(key, publicKey);
        template.addAll(secret);
        TokenObject stored;
        try {
            stored = change("put a key on", () -> token.administration().create(template));
        } finally {
            SoftwareKey.wipe(secret);
        }
        List<Attribute> open = KeyTemplates.publicKey(wanted, id);
        open.addAll(SoftwareKey.open(key, publicKey));
        try {
            change("put a public key on", () -> token.administration().create(open));
        } catch (TokenException e) {
            change("take a key off", () -> {
                token.administration().destroy(stored);
                return stored;
            });
            throw e;
        }
        return descriptor(stored);
    }

    /** Takes the key off the token with its public key and its certificates, the private key last. */
    public void delete(KeyDescriptor key) throws TokenException {
        List<TokenObject> objects = new ArrayList<>(objectsOf(key));
        objects.sort((a, b) -> Boolean.compare(isPrivateKey(a), isPrivateKey(b)));
        for (TokenObject object : objects) {
            change("take a key off", () -> {
                token.administration().destroy(object);
                return object;
            });
        }
    }

    /** Empty for a key whose private half has not been seen, as before a login. */
    public Optional<KeyProtection> protection(KeyDescriptor key) throws TokenException {
        for (TokenObject object : objectsOf(key)) {
            if (isPrivateKey(object)) {
                return Optional.of(KeyProtection.of(object.attributes(KeyProtection.TYPES)));
            }
        }
        return Optional.empty();
    }

    List<TokenObject> objectsOf(KeyDescriptor key) throws TokenException {
        return token.objects().stream()
                .filter(object -> key.equals(object.key()))
                .toList();
    }

    static boolean isPrivateKey(TokenObject object) {
        return object.objectClass() == CKO.PRIVATE_KEY;
    }

    /** The leftmost bits of SHA-256 over the public key, as RFC 7093 §2 has it for key identifiers. */
    private static byte[] idOf(PublicKeyInfo publicKey) {
        try {
            return Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(publicKey.der()), ID_LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private KeyDescriptor descriptor(TokenObject object) throws TokenException {
        KeyDescriptor key = object.key();
        if (key == null) {
            throw new TokenException.WrongResult(
                    "The token " + token.identity().uri() + " made a key and does not tell its public half.");
        }
        return key;
    }

    private PublicKeyInfo parse(byte[] subjectPublicKeyInfo) throws TokenException {
        try {
            return PublicKeyInfo.parse(subjectPublicKeyInfo);
        } catch (MalformedDerException e) {
            throw new TokenException.InvalidInput("The public key cannot be put on the token "
                    + token.identity().uri() + ": " + e.getMessage() + ".");
        }
    }

    /** One change to a token. */
    interface Change<T> {
        T make() throws TokenException, CryptokiException;
    }

    private <T> T change(String what, Change<T> change) throws TokenException {
        return change(token, what, change);
    }

    static <T> T change(Token token, String what, Change<T> change) throws TokenException {
        try {
            return change.make();
        } catch (CryptokiException e) {
            throw new TokenException.Failed(
                    "The token " + token.identity().uri() + " refuses to let us " + what + " it: " + e.getMessage()
                            + ".",
                    e.returnValue());
        }
    }
}
