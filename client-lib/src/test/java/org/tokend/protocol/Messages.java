package org.tokend.protocol;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** One of everything that can cross the socket. */
final class Messages {
    static final String KEY = "sha256:" + "0f".repeat(32);
    static final String TOKEN = "pkcs11:token=Card;serial=42";

    static final TokenDescription CARD = new TokenDescription(
            TOKEN,
            "Ünïcode \"quoted\"\n",
            "Maker",
            "Model",
            "42",
            "opensc",
            TokenDescription.State.PIN_LOCKED,
            TokenDescription.Tries.LAST,
            true,
            3,
            "It is broken");

    static final KeyDescription MAIL_KEY = new KeyDescription(
            KEY,
            TOKEN + ";object=mail",
            TOKEN,
            "mail",
            "00ff",
            "EC",
            256,
            "P-256",
            new byte[] {1, 2, 3},
            List.of(new byte[] {4}, new byte[0]),
            List.of(new byte[] {5}),
            EnumSet.of(Algorithm.ECDSA_SHA256, Algorithm.ECDH),
            true,
            null);

    static final Reply.Event EVENT = new Reply.Event(
            Reply.Event.Kind.WAITING_FOR_PIN, TOKEN, "Enter the PIN", Instant.parse("2026-11-21T03:25:00.123Z"));

    private Messages() {}

    static List<Request> requests() {
        return List.of(
                new ListTokens(),
                new ListKeys(null, null),
                new ListKeys(TOKEN, null),
                new ListKeys(null, TOKEN + ";object=mail"),
                new ListKeys(TOKEN, "sha256:" + "7b".repeat(32)),
                new Sign(KEY, Algorithm.RSA_PSS_SHA384, Sign.Kind.DIGEST, bytes(48), "Mail to bob"),
                new Sign(KEY, Algorithm.ED25519, Sign.Kind.DIGEST, bytes(Sign.MAX_MESSAGE), ""),
                new Decrypt(KEY, Algorithm.RSA_PKCS1, bytes(256), 32, "p"),
                new Decrypt(KEY, Algorithm.RSA_OAEP_SHA1, bytes(256), 0, ""),
                new UnwrapContentKey(KEY, bytes(700), 16, "p"),
                new Agree(KEY, bytes(91), "p"),
                new GenerateKey(TOKEN, KeyKind.P384, "mail 2026", true),
                new ImportKey(TOKEN, bytes(2500), "", false),
                new ImportCertificates(TOKEN, List.of(bytes(900), bytes(1000))),
                new ExportKey(KEY, true),
                new DeleteKey(KEY, bytes(2500)),
                new DeleteKey(KEY, null),
                new DescribeProtection(KEY),
                new Unlock(TOKEN),
                new Sign(KEY, Algorithm.ECDSA_SHA256, Sign.Kind.X509_TBS, bytes(700), ""),
                new Sign(KEY, Algorithm.RSA_PKCS1_SHA256, Sign.Kind.CRL, bytes(Sign.MAX_MESSAGE), "p"),
                new OpenOccasion(KEY, "issuing CA of 2027", 1800),
                new CloseOccasion(KEY),
                new Lock(TOKEN),
                new Lock(null),
                new Status(),
                new Watch(),
                new GetInfo(),
                new GetInterfaceDescription("org.tokend.Token"));
    }

    record Answer(Request request, Reply reply) {}

    static List<Answer> answers() {
        Request sign = new Sign(KEY, Algorithm.ED25519, Sign.Kind.DIGEST, new byte[0], "");
        Reply.StatusReport report = new Reply.StatusReport(
                "1.0",
                77,
                Instant.parse("2026-11-21T03:25:00Z"),
                4,
                List.of(
                        new Reply.ModuleStatus("a", Reply.ModuleState.READY, 2, null),
                        new Reply.ModuleStatus("b", Reply.ModuleState.FAILED, 0, "No such file")),
                List.of(CARD));
        return List.of(
                new Answer(new ListTokens(), new Reply.Tokens(List.of(CARD, CARD))),
                new Answer(new ListTokens(), new Reply.Tokens(List.of())),
                new Answer(new ListKeys(null, null), new Reply.Keys(List.of(MAIL_KEY))),
                new Answer(new ListKeys(null, null), new Reply.SomeKeys(List.of(MAIL_KEY))),
                new Answer(new ListKeys(null, null), EVENT),
                new Answer(sign, new Reply.Signature(bytes(64))),
                new Answer(new Decrypt(KEY, Algorithm.RSA_PKCS1, bytes(1), 1, ""), new Reply.Plaintext(bytes(1))),
                new Answer(new UnwrapContentKey(KEY, bytes(1), 16, ""), new Reply.ContentKey(bytes(16))),
                new Answer(new Agree(KEY, bytes(1), ""), new Reply.SharedSecret(bytes(66))),
                new Answer(new GenerateKey(TOKEN, KeyKind.RSA_2048, "l", false), new Reply.Keys(List.of(MAIL_KEY))),
                new Answer(new ImportCertificates(TOKEN, List.of(bytes(1))), new Reply.Keys(List.of(MAIL_KEY))),
                new Answer(new ExportKey(KEY, false), new Reply.Pkcs12(bytes(2000))),
                new Answer(new DeleteKey(KEY, null), new Reply.Done()),
                new Answer(new DescribeProtection(KEY), new Reply.Protection(true, false, true, false, true)),
                new Answer(new Unlock(TOKEN), new Reply.Done()),
                new Answer(new OpenOccasion(KEY, "n", 1), new Reply.Done()),
                new Answer(new CloseOccasion(KEY), new Reply.Done()),
                new Answer(new Lock(null), new Reply.Done()),
                new Answer(new Status(), report),
                new Answer(new Watch(), EVENT),
                new Answer(sign, EVENT),
                new Answer(sign, new Reply.Event(Reply.Event.Kind.OTHER, null, "m", Instant.EPOCH)),
                new Answer(sign, new Reply.Failure(ErrorCode.PIN_INCORRECT, "The PIN is wrong")),
                new Answer(new GetInfo(), new Reply.ServiceInfo("v", "p", "1", "https://x", List.of("a", "b"))),
                new Answer(
                        new GetInterfaceDescription("org.tokend.Token"),
                        new Reply.InterfaceDescription("interface a.b\n\nmethod C() -> ()\n")));
    }

    static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + 7);
        }
        return bytes;
    }

    static byte[] json(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static Set<String> methods() {
        return Set.copyOf(requests().stream().map(Request::method).toList());
    }
}
