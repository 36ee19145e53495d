package org.tokend.tokenctl.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.tokend.client.TokenClient;
import org.tokend.protocol.Algorithm;
import org.tokend.protocol.Decrypt;
import org.tokend.protocol.KeyDescription;
import org.tokend.tokenctl.output.CommandException;
import org.tokend.tokenctl.output.ExitStatus;
import org.tokend.tokenctl.output.Json;
import org.tokend.tokenctl.output.OutputFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "decrypt",
        description = "Decrypts one RSA block, such as a key that was encrypted to you. For mails see \"tokenctl smime"
                + " decrypt\".")
final class DecryptCommand implements Callable<Integer> {

    private final RootCommand root;

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            description = "The block, in bytes or base64. Otherwise standard input.")
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
            description = "rsa-oaep-sha256 unless another is given; rsa-pkcs1 needs --length.")
    private Algorithm algorithm = Algorithm.RSA_OAEP_SHA256;

    @Option(
            names = "--length",
            paramLabel = "BYTES",
            description =
                    "Length of the plaintext, for rsa-pkcs1 only. A wrong padding then gives as many random bytes, so"
                            + " that nobody can learn from the difference.")
    private int length;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            description = "Where the plaintext goes, readable by you alone. Otherwise standard output.")
    private @Nullable Path out;

    DecryptCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws IOException {
        checkOptions();
        byte[] plaintext;
        KeyDescription described;
        try (TokenClient client = root.connect()) {
            described = KeyName.find(client, key);
            byte[] block = block(described);
            plaintext = client.decrypt(
                    new Decrypt(described.fingerprint(), algorithm, block, length, "decrypt a file with tokenctl"));
        }
        if (root.json()) {
            Json.print(root.environment().out(), json -> {
                json.writeStringField("key", described.fingerprint());
                json.writeStringField("algorithm", algorithm.wireName());
                if (out == null) {
                    json.writeBinaryField("plaintext", plaintext);
                }
            });
        }
        if (!root.json() || out != null) {
            Output.of(out, OutputFile.Access.OWNER_ONLY, root.environment()).write(stream -> stream.write(plaintext));
        }
        Arrays.fill(plaintext, (byte) 0);
        return ExitStatus.OK.code();
    }

    private void checkOptions() {
        if (algorithm.operation() != Algorithm.Operation.DECRYPT) {
            throw new CommandException(ExitStatus.USAGE, algorithm.wireName() + " does not decrypt");
        }
        boolean needsLength = algorithm == Algorithm.RSA_PKCS1;
        if (needsLength && length <= 0) {
            throw new CommandException(ExitStatus.USAGE, "rsa-pkcs1 needs --length, the length of the plaintext");
        }
        if (!needsLength && length != 0) {
            throw new CommandException(ExitStatus.USAGE, "--length goes with rsa-pkcs1 only");
        }
    }

    private byte[] block(KeyDescription described) throws IOException {
        int wanted = (described.bits() + 7) / 8;
        try (InputStream in = Input.of(file, root.environment()).open()) {
            byte[] bytes = in.readNBytes(64 * 1024);
            if (bytes.length == wanted) {
                return bytes;
            }
            try {
                byte[] decoded = Base64.getMimeDecoder().decode(new String(bytes, StandardCharsets.ISO_8859_1));
                if (decoded.length == wanted) {
                    return decoded;
                }
            } catch (IllegalArgumentException notBase64) {
                // Then it is neither.
            }
            throw new CommandException(
                    ExitStatus.DATA,
                    "the input is no RSA block of " + wanted + " bytes, which is what the key " + described.uri()
                            + " decrypts, nor the base64 of one");
        }
    }
}
