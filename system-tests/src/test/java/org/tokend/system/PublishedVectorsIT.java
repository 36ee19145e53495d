package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.bouncycastle.jce.ECNamedCurveTable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.tokend.client.TokenClient;
import org.tokend.client.TokenClientException;
import org.tokend.fixtures.daemon.DaemonFixture;
import org.tokend.fixtures.pinentry.PinentryAnswer;
import org.tokend.fixtures.pinentry.ScriptedPinentry;
import org.tokend.fixtures.softhsm.KeyImport;
import org.tokend.fixtures.softhsm.SoftHsmToken;
import org.tokend.protocol.Agree;
import org.tokend.protocol.Algorithm;
import org.tokend.protocol.Decrypt;
import org.tokend.protocol.ErrorCode;
import org.tokend.protocol.KeyDescription;
import org.tokend.system.PublishedVectors.Case;
import org.tokend.system.PublishedVectors.Group;

/**
 * What published vectors say, through the daemon and a token. There are cases only with {@code -Dvectors=DIR};
 * {@link EveryAlgorithmIT} has its own for each algorithm.
 */
@DisplayName("Published vectors through daemon and token")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PublishedVectorsIT {

    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterAll
    void stop() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    /** A daemon with these keys on its token; each key by its public key in hexadecimal. */
    private record Desk(TokenClient client, Map<String, String> keys) {
        String key(PublicKey publicKey) {
            return keys.getOrDefault(HexFormat.of().formatHex(publicKey.getEncoded()), "the key is not on the token");
        }
    }

    private Desk desk(Set<KeyPair> pairs) {
        SoftHsmToken token = SoftHsmToken.create("vectors");
        opened.add(token);
        List<KeyImport> imports = new ArrayList<>();
        pairs.forEach(pair -> imports.add(KeyImport.of(pair, "key " + imports.size())));
        token.importKeys(imports);
        ScriptedPinentry pinentry = ScriptedPinentry.create().always(PinentryAnswer.pin(token.pin()));
        opened.add(pinentry);
        DaemonFixture daemon = DaemonFixture.start(token, pinentry);
        opened.add(daemon);
        TokenClient client = TokenClient.open(daemon.socket());
        opened.add(client);
        Map<String, String> keys = new HashMap<>();
        for (KeyDescription each : client.listKeys(null)) {
            keys.put(HexFormat.of().formatHex(each.publicKey()), each.fingerprint());
        }
        return new Desk(client, keys);
    }

    private static Map<Group, KeyPair> rsa(List<Group> groups) throws Exception {
        Map<Group, KeyPair> pairs = new HashMap<>();
        for (Group group : groups) {
            pairs.put(group, rsa(group));
        }
        return pairs;
    }

    private static KeyPair rsa(Group group) throws Exception {
        KeyFactory factory = KeyFactory.getInstance("RSA");
        RSAPrivateCrtKey key = (RSAPrivateCrtKey) factory.generatePrivate(
                new PKCS8EncodedKeySpec(HexFormat.of().parseHex(group.text("privateKeyPkcs8"))));
        return new KeyPair(
                factory.generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent())), key);
    }

    private static KeyPair ec(String curve, String number) throws Exception {
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec(curve));
        ECParameterSpec domain = parameters.getParameterSpec(ECParameterSpec.class);
        BigInteger scalar = new BigInteger(number, 16);
        org.bouncycastle.math.ec.ECPoint point = ECNamedCurveTable.getParameterSpec(curve)
                .getG()
                .multiply(scalar)
                .normalize();
        KeyFactory factory = KeyFactory.getInstance("EC");
        return new KeyPair(
                factory.generatePublic(new ECPublicKeySpec(
                        new ECPoint(
                                point.getAffineXCoord().toBigInteger(),
                                point.getAffineYCoord().toBigInteger()),
                        domain)),
                factory.generatePrivate(new ECPrivateKeySpec(scalar, domain)));
    }

    /** What comes back: bytes, or an error as the program sees it. */
    private static String outcome(Supplier<byte[]> call) {
        try {
            return HexFormat.of().formatHex(call.get());
        } catch (TokenClientException refused) {
            return refused.code() + ": " + refused.getMessage();
        }
    }

    private static boolean fits(Case each, PublicKey key) {
        java.security.interfaces.RSAPublicKey rsa = (java.security.interfaces.RSAPublicKey) key;
        byte[] ciphertext = each.bytes("ct");
        return ciphertext.length == rsa.getModulus().bitLength() / 8
                && new BigInteger(1, ciphertext).compareTo(rsa.getModulus()) < 0;
    }

    @TestFactory
    @DisplayName(
            "PKCS#1 v1.5: valid is exact; invalid is a plaintext like any other, always the same and never an error")
    Stream<DynamicTest> pkcs1() throws Exception {
        List<Group> groups = PublishedVectors.groups("rsa_pkcs1_", "RsaesPkcs1");
        Map<Group, KeyPair> pairs = rsa(groups);
        if (groups.isEmpty()) {
            return Stream.empty();
        }
        Desk desk = desk(new HashSet<>(pairs.values()));
        return groups.stream()
                .flatMap(group -> group.cases().stream()
                        .map(each -> DynamicTest.dynamicTest(each.toString(), () -> {
                            KeyPair pair = pairs.get(group);
                            decryptsPkcs1(desk, pair == null ? rsa(group).getPublic() : pair.getPublic(), each);
                        })));
    }

    /** A length of 0 is asked for as "a content key of unknown length", which an empty message is not. */
    private static void decryptsPkcs1(Desk desk, PublicKey key, Case each) {
        byte[] message = each.bytes("msg");
        Supplier<byte[]> call = () -> desk.client()
                .decrypt(new Decrypt(
                        desk.key(key), Algorithm.RSA_PKCS1, each.bytes("ct"), message.length, "a published vector"));
        String first = outcome(call);
        boolean longest = message.length > each.bytes("ct").length - 11;
        if (!fits(each, key) || longest) {
            assertThat(first).startsWith(ErrorCode.INVALID_REQUEST.name());
        } else if (each.is("valid") && message.length > 0) {
            assertThat(first).isEqualTo(each.text("msg"));
        } else if (message.length > 0) {
            assertThat(first).hasSize(2 * message.length).isNotEqualTo(each.text("msg"));
            assertThat(outcome(call)).isEqualTo(first);
        } else {
            assertThat(Decrypt.OPEN_LENGTHS).contains(first.length() / 2);
        }
    }

    @TestFactory
    @DisplayName("OAEP: valid is exact; invalid is one and the same error")
    Stream<DynamicTest> oaep() throws Exception {
        List<Group> groups = PublishedVectors.groups("rsa_oaep_", "RsaesOaep");
        Map<Group, KeyPair> pairs = rsa(groups);
        if (groups.isEmpty()) {
            return Stream.empty();
        }
        Desk desk = desk(new HashSet<>(pairs.values()));
        return groups.stream().flatMap(group -> {
            Set<String> refusals = new HashSet<>();
            return group.cases().stream()
                    .map(each -> DynamicTest.dynamicTest(each.toString(), () -> {
                        KeyPair pair = pairs.get(group);
                        decryptsOaep(desk, pair == null ? rsa(group).getPublic() : pair.getPublic(), each, refusals);
                    }));
        });
    }

    /** The protocol has no labels: a ciphertext with one is like a broken one. */
    private static void decryptsOaep(Desk desk, PublicKey key, Case each, Set<String> refusals) {
        Algorithm algorithm =
                Algorithm.valueOf("RSA_OAEP_" + each.group().text("sha").replace("-", ""));
        String outcome = outcome(() -> desk.client()
                .decrypt(new Decrypt(desk.key(key), algorithm, each.bytes("ct"), 0, "a published vector")));
        if (each.is("valid") && each.text("label").isEmpty()) {
            assertThat(outcome).isEqualTo(each.text("msg"));
        } else if (!fits(each, key)) {
            assertThat(outcome).startsWith(ErrorCode.INVALID_REQUEST.name());
        } else {
            assertThat(outcome).contains(": ");
            refusals.add(outcome);
            assertThat(refusals).hasSize(1);
        }
    }

    @TestFactory
    @DisplayName("ECDH: valid is exact; invalid is one and the same error")
    Stream<DynamicTest> ecdh() throws Exception {
        List<Group> groups = PublishedVectors.groups("ecdh_", "Ecdh");
        Map<String, KeyPair> pairs = new HashMap<>();
        for (Group group : groups) {
            for (Case each : group.cases()) {
                String name = group.text("curve") + each.text("private");
                if (!pairs.containsKey(name)) {
                    pairs.put(name, ec(group.text("curve"), each.text("private")));
                }
            }
        }
        if (groups.isEmpty()) {
            return Stream.empty();
        }
        Desk desk = desk(new HashSet<>(pairs.values()));
        return groups.stream()
                .flatMap(group -> group.cases().stream()
                        .map(each -> DynamicTest.dynamicTest(each.toString(), () -> {
                            KeyPair pair = ec(group.text("curve"), each.text("private"));
                            String outcome = outcome(() -> desk.client()
                                    .agree(new Agree(
                                            desk.key(pair.getPublic()), each.bytes("public"), "a published vector")));
                            if (each.is("valid")) {
                                assertThat(outcome).isEqualTo(each.text("shared"));
                            } else if (each.is("invalid") || !outcome.equals(each.text("shared"))) {
                                assertThat(outcome).startsWith(ErrorCode.INVALID_REQUEST.name());
                            }
                        })));
    }
}
