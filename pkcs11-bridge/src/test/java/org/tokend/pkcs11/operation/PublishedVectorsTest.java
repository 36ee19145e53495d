package org.tokend.pkcs11.operation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.tokend.pkcs11.Pkcs1Rejection;
import org.tokend.pkcs11.key.MalformedDerException;
import org.tokend.pkcs11.key.PublicKeyInfo;

/**
 * Vectors in the form of Project Wycheproof, from the directory that {@code -Dvectors=DIR} names. Without it there are no
 * cases here; {@link PaddingTest} has its own.
 */
class PublishedVectorsTest {
    private static final HexFormat HEX = HexFormat.of();

    @TestFactory
    @DisplayName("raw RSA and padding in software agree with published vectors")
    Stream<DynamicTest> decryption() throws IOException {
        return files("rsa_oaep_", "rsa_pkcs1_")
                .flatMap(file -> groups(file).stream()
                        .filter(group -> text(group, "type").startsWith("Rsaes"))
                        .flatMap(group -> cases(group)
                                .map(each -> DynamicTest.dynamicTest(
                                        file.getFileName() + " " + each.get("tcId"), () -> decrypts(group, each)))));
    }

    @TestFactory
    @DisplayName("the other side's points are taken and refused as published vectors say")
    Stream<DynamicTest> points() throws IOException {
        return files("ecdh_secp")
                .flatMap(file -> groups(file).stream()
                        .filter(group -> "asn".equals(group.get("encoding")))
                        .flatMap(group -> cases(group)
                                .filter(each -> !"acceptable".equals(each.get("result")))
                                .map(each -> DynamicTest.dynamicTest(
                                        file.getFileName() + " " + each.get("tcId"), () -> accepts(group, each)))));
    }

    private static void decrypts(Map<String, Object> group, Map<String, Object> each) throws Exception {
        RSAPrivateCrtKey key = (RSAPrivateCrtKey) KeyFactory.getInstance("RSA")
                .generatePrivate(new PKCS8EncodedKeySpec(HEX.parseHex(text(group, "privateKeyPkcs8"))));
        byte[] ciphertext = HEX.parseHex(text(each, "ct"));
        byte[] message = HEX.parseHex(text(each, "msg"));
        boolean labelled = !text(each, "label").isEmpty();
        boolean expected = "valid".equals(each.get("result")) && !labelled;
        byte[] block = raw(key, ciphertext);
        if (block == null) {
            assertThat(expected).isFalse();
        } else if ("RsaesOaepDecrypt".equals(group.get("type"))) {
            // Where hash and mask hash differ the vector is not ours to decrypt.
            boolean ours = text(group, "sha").equals(text(group, "mgfSha"));
            byte[] plaintext = RsaUnpadding.oaep(block, text(group, "sha"));
            assertThat(plaintext).isEqualTo(expected && ours ? message : null);
        } else {
            byte[] substitute = new byte[message.length];
            Arrays.fill(substitute, (byte) 0xa5);
            assertThat(RsaUnpadding.pkcs1(block)).isEqualTo(expected ? message : null);
            assertThat(RsaUnpadding.pkcs1OrSubstitute(block, Pkcs1Rejection.ofItsLength(substitute)))
                    .isEqualTo(expected ? message : substitute);
        }
    }

    /** What a token does for CKM_RSA_X_509, or null for what never reaches one. */
    private static byte @Nullable [] raw(RSAPrivateCrtKey key, byte[] ciphertext) {
        int length = (key.getModulus().bitLength() + 7) / 8;
        BigInteger number = new BigInteger(1, ciphertext);
        if (ciphertext.length != length || number.compareTo(key.getModulus()) >= 0) {
            return null;
        }
        byte[] result =
                number.modPow(key.getPrivateExponent(), key.getModulus()).toByteArray();
        int skip = Math.max(0, result.length - length);
        return RsaPadding.leftPad(Arrays.copyOfRange(result, skip, result.length), length);
    }

    private static void accepts(Map<String, Object> group, Map<String, Object> each) {
        boolean accepted;
        try {
            String curve = PublicKeyInfo.parse(HEX.parseHex(text(each, "public")))
                    .type()
                    .name();
            accepted = text(group, "curve").equals("secp" + curve.substring(1) + "r1");
        } catch (MalformedDerException e) {
            accepted = false;
        }
        assertThat(accepted).as(String.valueOf(each.get("comment"))).isEqualTo("valid".equals(each.get("result")));
    }

    private static Stream<Path> files(String... prefixes) throws IOException {
        String directory = System.getProperty("vectors");
        if (directory == null) {
            return Stream.empty();
        }
        try (Stream<Path> files = Files.list(Path.of(directory))) {
            return files
                    .filter(file -> Arrays.stream(prefixes)
                            .anyMatch(prefix -> file.getFileName().toString().startsWith(prefix)))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> groups(Path file) {
        try (JsonParser parser = new JsonFactory().createParser(file.toFile())) {
            parser.nextToken();
            Map<String, Object> whole = (Map<String, Object>) value(parser);
            return (List<Map<String, Object>>) whole.getOrDefault("testGroups", List.of());
        } catch (IOException e) {
            throw new AssertionError(file.toString(), e);
        }
    }

    @SuppressWarnings("unchecked")
    private static Stream<Map<String, Object>> cases(Map<String, Object> group) {
        return ((List<Map<String, Object>>) group.getOrDefault("tests", List.of())).stream();
    }

    private static String text(Map<String, Object> from, String name) {
        return String.valueOf(from.getOrDefault(name, ""));
    }

    private static Object value(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            Map<String, Object> object = new HashMap<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                object.put(name, value(parser));
            }
            return object;
        }
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            List<Object> array = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                array.add(value(parser));
            }
            return array;
        }
        return parser.getText();
    }
}
