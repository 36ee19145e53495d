package org.tokend.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tokend.fixtures.keys.TestKey;

/**
 * What GnuTLS, NSS and OpenSC decide by. Each object of a SoftHSM token is read with SoftHSM itself and through the daemon: all
 * attributes that PKCS#11 v3.1 and NSS define for keys, certificates and data, each with the question for its length.
 */
@DisplayName("Every attribute of every object")
@Timeout(120)
class AttributesAreTheTokensIT {
    private static final TestKey[] KEYS = {
        TestKey.RSA_2048_A, TestKey.RSA_3072, TestKey.P256_A, TestKey.P384, TestKey.P521, TestKey.ED25519
    };

    @TempDir
    Path directory;

    /** The attributes of the objects, by class and label; one that the object does not have is "none". */
    private static Map<String, Map<String, String>> dump(NativeApplication application, String... pin) {
        assertThat(application.initialize()).isZero();
        long session = application.open(application.slot());
        if (pin.length == 0) {
            assertThat(application.login(session)).isZero();
        } else {
            application
                    .call("login", session, NativeApplication.USER, ":" + pin[0])
                    .succeeded();
        }
        Map<String, Map<String, String>> objects = new TreeMap<>();
        Map<String, String> attributes = new LinkedHashMap<>();
        for (String line : application.call("dump", session).succeeded().lines()) {
            if (line.startsWith("object ")) {
                attributes = new LinkedHashMap<>();
            } else {
                String[] parts = line.split(" ", 6);
                attributes.put(parts[0], meaning(parts));
                if (parts[0].equals("3")) {
                    String label =
                            new String(HexFormat.of().parseHex(parts[5]), java.nio.charset.StandardCharsets.UTF_8);
                    assertThat(objects.put(attributes.get("0") + " " + label, attributes))
                            .isNull();
                }
            }
        }
        return objects;
    }

    /** Type, CKR and length of the question, CKR, length and value of the answer. Lengths of what is not there are noise. */
    private static String meaning(String... parts) {
        String question = parts[1].equals("0") ? "0 " + parts[2] : parts[1];
        String answer = parts[3].equals("0") ? "0 " + parts[4] + " " + (parts.length > 5 ? parts[5] : "") : parts[3];
        return question + " / " + answer;
    }

    @Test
    @DisplayName("is byte for byte what the token's own module says")
    void same() throws Exception {
        try (ApplicationDesk desk = new ApplicationDesk(directory, builder -> {}, KEYS);
                NativeApplication through = desk.application();
                NativeApplication direct = NativeApplication.start(
                        desk.token().modulePath(), desk.token().environment())) {
            Map<String, Map<String, String>> expected =
                    dump(direct, new String(desk.token().pin()));
            Map<String, Map<String, String>> seen = dump(through);
            assertThat(expected).hasSize(3 * KEYS.length + 1);
            assertThat(seen.keySet()).isEqualTo(expected.keySet());
            assertThat(expected.entrySet())
                    .as("type of an attribute, what SoftHSM says, what comes through")
                    .allSatisfy(object -> assertThat(differences(object.getValue(), seen.get(object.getKey())))
                            .isEmpty());
        }
    }

    private static List<String> differences(Map<String, String> expected, Map<String, String> seen) {
        return expected.entrySet().stream()
                .filter(attribute -> !attribute.getValue().equals(seen.get(attribute.getKey())))
                .map(attribute ->
                        attribute.getKey() + ": " + attribute.getValue() + " | " + seen.get(attribute.getKey()))
                .toList();
    }
}
