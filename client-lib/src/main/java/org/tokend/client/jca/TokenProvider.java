package org.tokend.client.jca;

import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.tokend.client.SocketPath;

/**
 * The JCA provider "Tokend": {@code Security.addProvider(new TokenProvider())}, then {@code KeyStore.getInstance("Tokend")}. Its
 * keys work with {@code Signature}, {@code Cipher} and {@code KeyAgreement}, and with what is built on them, without any of
 * these being told the provider. It has no random numbers, no hashes and no use for public keys, so a program that adds it
 * keeps the providers that it had for those.
 */
public final class TokenProvider extends Provider {
    private static final long serialVersionUID = 1L;
    public static final String NAME = "Tokend";

    private static final Predicate<Object> RSA = TokenPrivateKey.Rsa.class::isInstance;
    private static final Predicate<Object> EC = TokenPrivateKey.Ec.class::isInstance;
    private static final Predicate<Object> ED = TokenPrivateKey.Ed.class::isInstance;
    private static final Predicate<Object> ANY = parameter -> true;

    private static final String OAEP_OID = "1.2.840.113549.1.1.7";
    private static final String PSS_OID = "1.2.840.113549.1.1.10";

    private final transient Clients clients;

    /** With the socket that {@link SocketPath} finds. */
    public TokenProvider() {
        this(() -> SocketPath.find(null));
    }

    public TokenProvider(Path socket) {
        this(() -> socket);
    }

    private TokenProvider(Supplier<Path> socket) {
        super(NAME, "0.1", "Keys on smart cards and HSMs, through tokend");
        this.clients = new Clients(socket);
        putService(new Offer("KeyStore", NAME, List.of(), Map.of(), ANY, () -> new TokenKeyStore(clients)));
        offerSignatures();
        offerCiphers();
        offerAgreements();
        offer("KeyFactory", "EC", ANY, PublicEcKeys::new, "1.2.840.10045.2.1");
        offer("AlgorithmParameters", OAEP_OID, ANY, () -> new PlatformParameters("OAEP"));
        offer("AlgorithmParameters", "PSS", ANY, () -> new PlatformParameters("RSASSA-PSS"), PSS_OID);
    }

    /** For {@code security.provider.N=Tokend /path/to/socket} in java.security. */
    @Override
    public Provider configure(String socket) {
        return new TokenProvider(SocketPath.find(socket));
    }

    private void offerSignatures() {
        for (Hash hash : Hash.values()) {
            String name = hash.name();
            String oid = switch (hash) {
                case SHA1 -> "5";
                case SHA256 -> "11";
                case SHA384 -> "12";
                case SHA512 -> "13";
            };
            offer(
                    "Signature",
                    name + "withRSA",
                    RSA,
                    signature(TokenSignature.Scheme.PKCS1, hash),
                    "1.2.840.113549.1.1." + oid);
            if (hash.pss != null) {
                offer(
                        "Signature",
                        name + "withRSAandMGF1",
                        RSA,
                        signature(TokenSignature.Scheme.PSS, hash),
                        name + "withRSA/PSS",
                        name + "withRSASSA-PSS");
            }
            if (hash.ecdsa != null) {
                String ecdsaOid = "1.2.840.10045.4.3." + (hash.ordinal() + 1);
                offer("Signature", name + "withECDSA", EC, signature(TokenSignature.Scheme.ECDSA, hash), ecdsaOid);
            }
        }
        offer("Signature", "RSASSA-PSS", RSA, signature(TokenSignature.Scheme.PSS, null), PSS_OID);
        offer("Signature", "NONEwithRSA", RSA, signature(TokenSignature.Scheme.RAW_PKCS1, null));
        offer("Signature", "NONEwithECDSA", EC, signature(TokenSignature.Scheme.RAW_ECDSA, null));
        offer("Signature", "Ed25519", ED, signature(TokenSignature.Scheme.ED25519, null), "1.3.101.112");
        offer("Signature", "EdDSA", ED, signature(TokenSignature.Scheme.ED25519, null));
    }

    private static Maker signature(TokenSignature.Scheme scheme, @Nullable Hash hash) {
        return () -> new TokenSignature(scheme, hash);
    }

    private void offerCiphers() {
        Map<String, String> transformations = Map.of(
                "SupportedModes",
                "ECB|NONE",
                "SupportedPaddings",
                "PKCS1PADDING|OAEPPADDING|OAEPWITHSHA1ANDMGF1PADDING|OAEPWITHSHA-1ANDMGF1PADDING"
                        + "|OAEPWITHSHA256ANDMGF1PADDING|OAEPWITHSHA-256ANDMGF1PADDING"
                        + "|OAEPWITHSHA384ANDMGF1PADDING|OAEPWITHSHA-384ANDMGF1PADDING"
                        + "|OAEPWITHSHA512ANDMGF1PADDING|OAEPWITHSHA-512ANDMGF1PADDING");
        List<String> rsaOid = List.of("1.2.840.113549.1.1.1", "OID.1.2.840.113549.1.1.1");
        putService(new Offer("Cipher", "RSA", rsaOid, transformations, RSA, TokenCipher::pkcs1));
        offer("Cipher", OAEP_OID, RSA, TokenCipher::oaep);
    }

    /** The OIDs are those of dhSinglePass-stdDH and dhSinglePass-cofactorDH (RFC 5753 §7.1.4). */
    private void offerAgreements() {
        offer("KeyAgreement", "ECDH", EC, () -> new TokenKeyAgreement(null));
        offerAgreement("SHA1", "SHA-1", "1.3.133.16.840.63.0.2", "1.3.133.16.840.63.0.3");
        offerAgreement("SHA224", "SHA-224", "1.3.132.1.11.0", "1.3.132.1.14.0");
        offerAgreement("SHA256", "SHA-256", "1.3.132.1.11.1", "1.3.132.1.14.1");
        offerAgreement("SHA384", "SHA-384", "1.3.132.1.11.2", "1.3.132.1.14.2");
        offerAgreement("SHA512", "SHA-512", "1.3.132.1.11.3", "1.3.132.1.14.3");
    }

    private void offerAgreement(String name, String hash, String standard, String cofactor) {
        offer("KeyAgreement", "ECDHwith" + name + "KDF", EC, () -> new TokenKeyAgreement(hash), standard);
        offer("KeyAgreement", "ECCDHwith" + name + "KDF", EC, () -> new TokenKeyAgreement(hash), cofactor);
    }

    private void offer(String type, String algorithm, Predicate<Object> keys, Maker maker, String... aliases) {
        putService(new Offer(type, algorithm, List.of(aliases), Map.of(), keys, maker));
    }

    /** Makes the object that does the work. */
    private interface Maker {
        Object make() throws NoSuchAlgorithmException;
    }

    /** A service that says itself which keys it takes, so that JCA passes over it for all others and finds it for ours. */
    private final class Offer extends Service {
        private final Predicate<Object> keys;
        private final Maker maker;

        Offer(
                String type,
                String algorithm,
                List<String> aliases,
                Map<String, String> attributes,
                Predicate<Object> keys,
                Maker maker) {
            super(TokenProvider.this, type, algorithm, type.toLowerCase(Locale.ROOT), aliases, attributes);
            this.keys = keys;
            this.maker = maker;
        }

        @Override
        public Object newInstance(@Nullable Object constructorParameter) throws NoSuchAlgorithmException {
            return maker.make();
        }

        @Override
        public boolean supportsParameter(@Nullable Object parameter) {
            return keys.test(parameter);
        }
    }
}
