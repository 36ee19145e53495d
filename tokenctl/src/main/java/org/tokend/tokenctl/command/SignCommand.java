package org.tokend.tokenctl.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tokend.client.TokenClient;
import org.tokend.protocol.Algorithm;
import org.tokend.protocol.KeyDescription;
import org.tokend.protocol.Sign;
import org.tokend.smime.cms.SignatureScheme;
import org.tokend.tokenctl.output.CommandException;
import org.tokend.tokenctl.output.ExitStatus;
import org.tokend.tokenctl.output.Json;
import org.tokend.tokenctl.output.OutputFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "sign",
        description = "Signs a file with a key. The file is hashed here; tokend gets the digest (for Ed25519 the file"
                + " itself, at most 64 KiB). Writes the bare signature; for mails see \"tokenctl smime sign\".")
final class SignCommand implements Callable<Integer> {

    private final RootCommand root;

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "What is signed. Otherwise standard input.")
    private @Nullable Path file;

    @Option(
            names = "--key",
            required = true,
            paramLabel = "KEY",
            description = "pkcs11: URI, sha256: fingerprint or label of the key.")
    private String key = "";

    @Option(
            names = "--algorithm",
            paramLabel = "ALGORITHM",
            converter = AlgorithmConverter.class,
            completionCandidates = AlgorithmConverter.Names.class,
            description =
                    "Such as rsa-pss-sha256: \"tokenctl keys --long\" shows what a key can. Otherwise the usual one"
                            + " for its type.")
    private @Nullable Algorithm algorithm;

    @Option(names = "--digest", description = "The input is the digest itself, in bytes.")
    private boolean digest;

    @Option(names = "--base64", description = "Write base64 instead of bytes.")
    private boolean base64;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            description = "Where the signature goes. Otherwise standard output.")
    private @Nullable Path out;

    SignCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws IOException {
        byte[] signature;
        KeyDescription described;
        Algorithm chosen;
        try (TokenClient client = root.connect()) {
            described = KeyName.find(client, key);
            chosen = algorithm(described);
            byte[] input = input(chosen);
            signature = client.sign(
                    new Sign(described.fingerprint(), chosen, Sign.Kind.DIGEST, input, "sign a file with tokenctl"));
        }
        if (root.json()) {
            Json.print(root.environment().out(), json -> {
                json.writeStringField("key", described.fingerprint());
                json.writeStringField("algorithm", chosen.wireName());
                json.writeBinaryField("signature", signature);
            });
        }
        if (!root.json() || out != null) {
            byte[] form = base64
                    ? (Base64.getEncoder().encodeToString(signature) + "\n").getBytes(StandardCharsets.US_ASCII)
                    : signature;
            Output.of(out, OutputFile.Access.USUAL, root.environment()).write(stream -> stream.write(form));
        }
        return ExitStatus.OK.code();
    }

    private Algorithm algorithm(KeyDescription described) {
        Algorithm wanted = algorithm;
        if (wanted == null) {
            return SignatureScheme.preferredFor(described)
                    .map(SignatureScheme::algorithm)
                    .orElseThrow(() -> new CommandException(
                            ExitStatus.UNAVAILABLE, "the key " + described.uri() + " cannot sign"));
        }
        if (wanted.operation() != Algorithm.Operation.SIGN) {
            throw new CommandException(ExitStatus.USAGE, wanted.wireName() + " does not sign");
        }
        return wanted;
    }

    private byte[] input(Algorithm chosen) throws IOException {
        try (InputStream in = Input.of(file, root.environment()).open()) {
            boolean message = chosen.digestLength() == 0;
            if (!message && !digest) {
                return hash(in, chosen);
            }
            int wanted = message ? Sign.MAX_MESSAGE : chosen.digestLength();
            byte[] bytes = in.readNBytes(wanted + 1);
            if (message ? bytes.length > wanted : bytes.length != wanted) {
                throw new CommandException(
                        ExitStatus.DATA,
                        chosen.wireName()
                                + (message
                                        ? " signs at most " + wanted + " bytes, and the input is longer"
                                        : " needs a digest of " + wanted + " bytes, and the input has "
                                                + (bytes.length > wanted ? "more" : bytes.length)));
            }
            return bytes;
        }
    }

    private static byte[] hash(InputStream in, Algorithm chosen) throws IOException {
        try {
            MessageDigest hash = MessageDigest.getInstance(
                    chosen.digestLength() == 20 ? "SHA-1" : "SHA-" + chosen.digestLength() * 8);
            byte[] buffer = new byte[1 << 16];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                hash.update(buffer, 0, count);
            }
            return hash.digest();
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
