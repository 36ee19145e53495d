package org.tokend.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tokend.protocol.Members.Field;

/** Bytes of a call → {@link Envelope}. Whatever leaves here is complete and within its bounds. */
final class RequestDecoder {
    /** Longest URI or fingerprint: a pkcs11: URI with every attribute at its longest and all of it escaped has fewer. */
    static final int MAX_URI = 1024;

    static final int MAX_PURPOSE = 200;
    /** RSA with 16384 bits, more than any token makes. */
    static final int MAX_RSA_BLOCK = 2048;

    static final int MAX_RECIPIENT_INFO = 64 * 1024;
    static final int MAX_PUBLIC_KEY = 4096;
    static final int MAX_CONTENT_KEY = 64;

    private static final Field<String> METHOD = new Field<>("method", Shape.text(MessageCodec.MAX_NAME));
    private static final Field<Shape.Extent> PARAMETERS = new Field<>("parameters", Shape.extent());
    private static final Field<Boolean> MORE = new Field<>("more", Shape.flag());
    private static final Field<Boolean> ONEWAY = new Field<>("oneway", Shape.flag());
    private static final Field<Boolean> UPGRADE = new Field<>("upgrade", Shape.flag());

    private static final Field<String> KEY = new Field<>("key", Shape.text(MAX_URI));
    private static final Field<String> TOKEN = new Field<>("token", Shape.text(MAX_URI));
    private static final Field<String> ALGORITHM = new Field<>("algorithm", Shape.text(MessageCodec.MAX_NAME));
    private static final Field<String> KIND = new Field<>("kind", Shape.text(MessageCodec.MAX_NAME));
    private static final Field<byte[]> INPUT = new Field<>("input", Shape.bytes(Sign.MAX_MESSAGE));
    private static final Field<byte[]> CIPHERTEXT = new Field<>("ciphertext", Shape.bytes(MAX_RSA_BLOCK));
    private static final Field<Long> LENGTH = new Field<>("length", Shape.integer(0, MAX_RSA_BLOCK));
    private static final Field<byte[]> RECIPIENT_INFO = new Field<>("recipientInfo", Shape.bytes(MAX_RECIPIENT_INFO));
    private static final Field<Long> KEY_LENGTH = new Field<>("keyLength", Shape.integer(1, MAX_CONTENT_KEY));
    private static final Field<byte[]> PUBLIC_KEY = new Field<>("publicKey", Shape.bytes(MAX_PUBLIC_KEY));
    private static final Field<String> PURPOSE = new Field<>("purpose", Shape.text(MAX_PURPOSE));
    private static final Field<String> NAME = new Field<>("name", Shape.text(MAX_PURPOSE));
    private static final Field<Long> SECONDS = new Field<>("seconds", Shape.integer(1, OpenOccasion.LONGEST_SECONDS));
    private static final Field<String> INTERFACE = new Field<>("interface", Shape.text(MessageCodec.MAX_NAME));

    private final byte[] frame;
    private final Shape.@Nullable Extent parameters;

    private RequestDecoder(byte[] frame, Shape.@Nullable Extent parameters) {
        this.frame = frame;
        this.parameters = parameters;
    }

    static Envelope decode(byte[] frame) throws MessageException {
        Members call = Members.ofFrame(
                frame, null, Members.Unknown.REFUSE, List.of(METHOD, PARAMETERS, MORE, ONEWAY, UPGRADE));
        boolean more = call.get(MORE, false);
        boolean oneway = call.get(ONEWAY, false);
        if (more && oneway) {
            throw MessageException.invalid("Fields \"more\" and \"oneway\" exclude each other; send one of them");
        }
        if (call.get(UPGRADE, false)) {
            throw MessageException.invalid("Field \"upgrade\" must be false; tokend speaks varlink only");
        }
        Request request = new RequestDecoder(frame, call.find(PARAMETERS)).request(call.get(METHOD));
        if (request instanceof Watch && !more) {
            throw MessageException.invalid("Field \"more\" must be true for Watch, which answers with a stream");
        }
        return new Envelope(request, more, oneway);
    }

    private Request request(String method) throws MessageException {
        return switch (method) {
            case "org.tokend.Token.ListTokens" -> bare(new ListTokens());
            case "org.tokend.Token.ListKeys" -> list();
            case "org.tokend.Token.Sign" -> sign();
            case "org.tokend.Token.Decrypt" -> decrypt();
            case "org.tokend.Token.UnwrapContentKey" -> unwrap();
            case "org.tokend.Token.Agree" -> agree();
            case "org.tokend.Token.GenerateKey",
                    "org.tokend.Token.ImportKey",
                    "org.tokend.Token.ImportCertificates",
                    "org.tokend.Token.ExportKey",
                    "org.tokend.Token.DeleteKey" -> provision(method.substring(MessageCodec.INTERFACE.length() + 1));
            case "org.tokend.Token.DescribeProtection" ->
                new DescribeProtection(members(KEY).get(KEY));
            case "org.tokend.Token.Unlock" -> new Unlock(members(TOKEN).get(TOKEN));
            case "org.tokend.Token.Lock" -> new Lock(members(TOKEN).find(TOKEN));
            case "org.tokend.Token.OpenOccasion" -> occasion();
            case "org.tokend.Token.CloseOccasion" ->
                new CloseOccasion(members(KEY).get(KEY));
            case "org.tokend.Token.Status" -> bare(new Status());
            case "org.tokend.Token.Watch" -> bare(new Watch());
            case "org.varlink.service.GetInfo" -> bare(new GetInfo());
            case "org.varlink.service.GetInterfaceDescription" -> description();
            default -> throw MessageException.unknownMethod(method);
        };
    }

    private Request list() throws MessageException {
        Members given = members(TOKEN, KEY);
        return new ListKeys(given.find(TOKEN), given.find(KEY));
    }

    private Request provision(String method) throws MessageException {
        return ProvisionCodec.decode(
                method, members(ProvisionCodec.fields(method).toArray(Field<?>[]::new)));
    }

    /** A method without parameters: they may be left out or empty. */
    private Request bare(Request request) throws MessageException {
        members();
        return request;
    }

    private Request sign() throws MessageException {
        Members given = members(KEY, ALGORITHM, KIND, INPUT, PURPOSE);
        Algorithm algorithm = algorithm(given, Algorithm.Operation.SIGN);
        byte[] input = given.get(INPUT);
        Sign.Kind kind = kind(given);
        if (kind == Sign.Kind.DIGEST && algorithm.digestLength() != 0 && input.length != algorithm.digestLength()) {
            throw MessageException.invalid("Field \"input\" must be the hash value, " + algorithm.digestLength()
                    + " bytes for " + algorithm.wireName());
        }
        return new Sign(given.get(KEY), algorithm, kind, input, given.get(PURPOSE, ""));
    }

    private static Sign.Kind kind(Members given) throws MessageException {
        String name = given.get(KIND);
        for (Sign.Kind kind : Sign.Kind.values()) {
            if (kind.wireName().equals(name)) {
                return kind;
            }
        }
        throw MessageException.invalid(
                "Field \"kind\" names nothing that tokend signs; use \"digest\", or for a CA \"x509-tbs\" or \"crl\"");
    }

    private Request occasion() throws MessageException {
        Members given = members(KEY, NAME, SECONDS);
        String name = given.get(NAME);
        if (name.isBlank()) {
            throw MessageException.invalid("Field \"name\" must say what the occasion is");
        }
        return new OpenOccasion(given.get(KEY), name, Math.toIntExact(given.get(SECONDS)));
    }

    private Request decrypt() throws MessageException {
        Members given = members(KEY, ALGORITHM, CIPHERTEXT, LENGTH, PURPOSE);
        Algorithm algorithm = algorithm(given, Algorithm.Operation.DECRYPT);
        long length = given.get(LENGTH, 0L);
        if (algorithm != Algorithm.RSA_PKCS1 && length != 0) {
            throw MessageException.invalid("Field \"length\" must be 0 for OAEP, which knows its own length");
        }
        if (length < 0) {
            throw MessageException.invalid("Field \"length\" must not be negative");
        }
        return new Decrypt(
                given.get(KEY), algorithm, given.get(CIPHERTEXT), Math.toIntExact(length), given.get(PURPOSE, ""));
    }

    private Request unwrap() throws MessageException {
        Members given = members(KEY, RECIPIENT_INFO, KEY_LENGTH, PURPOSE);
        return new UnwrapContentKey(
                given.get(KEY),
                given.get(RECIPIENT_INFO),
                Math.toIntExact(given.get(KEY_LENGTH)),
                given.get(PURPOSE, ""));
    }

    private Request agree() throws MessageException {
        Members given = members(KEY, PUBLIC_KEY, PURPOSE);
        return new Agree(given.get(KEY), given.get(PUBLIC_KEY), given.get(PURPOSE, ""));
    }

    private Request description() throws MessageException {
        String name = members(INTERFACE).get(INTERFACE);
        if (!MessageCodec.INTERFACES.contains(name)) {
            throw MessageException.unknownInterface(name);
        }
        return new GetInterfaceDescription(name);
    }

    private static Algorithm algorithm(Members given, Algorithm.Operation operation) throws MessageException {
        Algorithm algorithm = Algorithm.ofWireName(given.get(ALGORITHM)).orElse(null);
        if (algorithm == null || algorithm.operation() != operation) {
            throw MessageException.invalid("Field \"algorithm\" must be one of " + names(operation));
        }
        return algorithm;
    }

    private static String names(Algorithm.Operation operation) {
        StringBuilder names = new StringBuilder();
        for (Algorithm algorithm : Algorithm.values()) {
            if (algorithm.operation() == operation) {
                names.append(names.isEmpty() ? "" : ", ").append(algorithm.wireName());
            }
        }
        return names.toString();
    }

    private Members members(Field<?>... fields) throws MessageException {
        byte[] source = parameters == null ? MessageCodec.EMPTY_OBJECT.clone() : frame;
        return Members.ofFrame(source, parameters, Members.Unknown.REFUSE, List.of(fields));
    }
}
