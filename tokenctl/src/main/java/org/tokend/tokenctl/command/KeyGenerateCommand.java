package org.tokend.tokenctl.command;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tokend.client.TokenClient;
import org.tokend.protocol.GenerateKey;
import org.tokend.protocol.KeyDescription;
import org.tokend.protocol.KeyKind;
import org.tokend.tokenctl.output.Json;
import org.tokend.tokenctl.output.KeyText;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

@Command(
        name = "generate",
        description =
                "Makes a key pair on a token. The private key is made there and never leaves it, unless --extractable"
                        + " is given. tokend asks the person whether it may.")
final class KeyGenerateCommand implements Runnable {

    private final RootCommand root;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "Label or pkcs11: URI. May be left out where there is only one.")
    private @Nullable String token;

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            converter = Kinds.class,
            completionCandidates = Names.class,
            description = "One of ${COMPLETION-CANDIDATES}. Otherwise rsa-3072, which every mail program can use.")
    private KeyKind kind = KeyKind.RSA_3072;

    @Option(names = "--label", required = true, paramLabel = "LABEL", description = "What people call the key.")
    private String label = "";

    @Option(
            names = "--extractable",
            description = "The token may let the private key go again, encrypted. Cannot be taken back.")
    private boolean extractable;

    KeyGenerateCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public void run() {
        List<KeyDescription> made;
        try (TokenClient client = root.connect()) {
            made = client.provision(new GenerateKey(TokenName.orOnlyOne(token, client), kind, label, extractable));
        }
        if (root.json()) {
            Json.print(root.environment().out(), json -> KeyText.write(made, json));
        } else {
            KeyText.printLong(made, root.environment().out());
        }
    }

    static final class Kinds implements ITypeConverter<KeyKind> {
        @Override
        public KeyKind convert(String value) {
            return KeyKind.ofWireName(value)
                    .orElseThrow(() -> new TypeConversionException("is not one of " + String.join(", ", new Names())));
        }
    }

    static final class Names implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(KeyKind.values()).map(KeyKind::wireName).iterator();
        }
    }
}
