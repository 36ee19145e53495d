package org.tokend.protocol;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tokend.protocol.Members.Field;
import org.tokend.protocol.Members.Unknown;

/** Bytes of an answer → {@link Reply}. */
final class ReplyDecoder {
    private static final Field<Shape.Extent> PARAMETERS = new Field<>("parameters", Shape.extent());
    private static final Field<String> ERROR = new Field<>("error", Shape.text(256));
    private static final Field<Boolean> CONTINUES = new Field<>("continues", Shape.flag());

    private static final int MAX_ANSWER = MessageCodec.MAX_REPLY;
    private static final Field<byte[]> SIGNATURE = new Field<>("signature", Shape.bytes(MAX_ANSWER));
    private static final Field<byte[]> PLAINTEXT = new Field<>("plaintext", Shape.bytes(MAX_ANSWER));
    private static final Field<byte[]> CONTENT_KEY = new Field<>("contentKey", Shape.bytes(MAX_ANSWER));
    private static final Field<byte[]> SHARED_SECRET = new Field<>("sharedSecret", Shape.bytes(MAX_ANSWER));

    private static final Field<byte[]> PKCS12 = new Field<>("pkcs12", Shape.bytes(MAX_ANSWER));
    private static final Field<Boolean> SENSITIVE = new Field<>("sensitive", Shape.flag());
    private static final Field<Boolean> EXTRACTABLE = new Field<>("extractable", Shape.flag());
    private static final Field<Boolean> ALWAYS_SENSITIVE = new Field<>("alwaysSensitive", Shape.flag());
    private static final Field<Boolean> NEVER_EXTRACTABLE = new Field<>("neverExtractable", Shape.flag());
    private static final Field<Boolean> LOCAL = new Field<>("local", Shape.flag());

    private static final Field<String> VENDOR = text("vendor");
    private static final Field<String> PRODUCT = text("product");
    private static final Field<String> VERSION = text("version");
    private static final Field<String> URL = text("url");
    private static final Field<List<String>> INTERFACES =
            new Field<>("interfaces", Shape.list(DescriptionShapes.TEXT, 1024));
    private static final Field<String> DESCRIPTION = new Field<>("description", DescriptionShapes.PAGE);

    private static final Field<Long> PID = new Field<>("pid", Shape.integer(0, Long.MAX_VALUE));
    private static final Field<String> STARTED = text("started");
    private static final Field<Long> CONNECTIONS = new Field<>("connections", Shape.integer(0, Integer.MAX_VALUE));
    private static final Field<List<Reply.ModuleStatus>> MODULES =
            new Field<>("modules", Shape.list(DescriptionShapes.MODULE, 10_000));
    private static final Field<List<TokenDescription>> TOKENS =
            new Field<>("tokens", Shape.list(DescriptionShapes.TOKEN, 10_000));
    private static final Field<List<KeyDescription>> KEYS =
            new Field<>("keys", Shape.list(DescriptionShapes.KEY, 100_000));

    private static final Field<Reply.Event> EVENT = new Field<>("event", DescriptionShapes.EVENT);
    private static final Field<String> MESSAGE = text("message");

    private final byte[] frame;
    private final Shape.@Nullable Extent parameters;

    private ReplyDecoder(byte[] frame, Shape.@Nullable Extent parameters) {
        this.frame = frame;
        this.parameters = parameters;
    }

    private static Field<String> text(String name) {
        return new Field<>(name, DescriptionShapes.TEXT);
    }

    static Reply decode(Request request, byte[] frame) throws MessageException {
        Members answer = Members.ofFrame(frame, null, Unknown.SKIP, List.of(PARAMETERS, ERROR, CONTINUES));
        ReplyDecoder decoder = new ReplyDecoder(frame, answer.find(PARAMETERS));
        String error = answer.find(ERROR);
        if (error != null) {
            return decoder.failure(error);
        }
        return answer.get(CONTINUES, false) ? decoder.continued(request) : decoder.reply(request);
    }

    private Reply continued(Request request) throws MessageException {
        if (!(request instanceof ListKeys)) {
            return members(EVENT).get(EVENT);
        }
        Members given = members(EVENT, KEYS);
        List<KeyDescription> keys = given.find(KEYS);
        return keys == null ? given.get(EVENT) : new Reply.SomeKeys(keys);
    }

    private Reply.Failure failure(String error) throws MessageException {
        String message = members(MESSAGE).get(MESSAGE, "tokend answered " + MessageException.printable(error));
        return new Reply.Failure(code(error), message);
    }

    private static ErrorCode code(String error) {
        String own = MessageCodec.INTERFACE + ".";
        if (error.startsWith(own)) {
            return ErrorCode.ofWireName(error.substring(own.length())).orElse(ErrorCode.INTERNAL);
        }
        return switch (error) {
            case "org.varlink.service.MethodNotFound",
                    "org.varlink.service.MethodNotImplemented",
                    "org.varlink.service.InterfaceNotFound" -> ErrorCode.UNKNOWN_METHOD;
            case "org.varlink.service.InvalidParameter", "org.varlink.service.ExpectedMore" ->
                ErrorCode.INVALID_REQUEST;
            case "org.varlink.service.PermissionDenied" -> ErrorCode.DENIED;
            default -> ErrorCode.INTERNAL;
        };
    }

    private Reply reply(Request request) throws MessageException {
        if (request instanceof PrivateKeyRequest use) {
            return result(use);
        } else if (request instanceof ListTokens) {
            return new Reply.Tokens(members(TOKENS).get(TOKENS));
        } else if (request instanceof ExportKey) {
            return new Reply.Pkcs12(members(PKCS12).get(PKCS12));
        } else if (request instanceof DescribeProtection) {
            return protection();
        } else if (request instanceof ListKeys
                || request instanceof ProvisionRequest && !(request instanceof DeleteKey)) {
            return new Reply.Keys(members(KEYS).get(KEYS));
        } else if (request instanceof Status) {
            return report();
        } else if (request instanceof GetInfo) {
            Members info = members(VENDOR, PRODUCT, VERSION, URL, INTERFACES);
            return new Reply.ServiceInfo(
                    info.get(VENDOR), info.get(PRODUCT), info.get(VERSION), info.get(URL), info.get(INTERFACES));
        } else if (request instanceof GetInterfaceDescription) {
            return new Reply.InterfaceDescription(members(DESCRIPTION).get(DESCRIPTION));
        }
        members();
        return new Reply.Done();
    }

    private Reply protection() throws MessageException {
        Members given = members(SENSITIVE, EXTRACTABLE, ALWAYS_SENSITIVE, NEVER_EXTRACTABLE, LOCAL);
        return new Reply.Protection(
                given.get(SENSITIVE),
                given.get(EXTRACTABLE),
                given.get(ALWAYS_SENSITIVE),
                given.get(NEVER_EXTRACTABLE),
                given.get(LOCAL));
    }

    private Reply result(PrivateKeyRequest use) throws MessageException {
        if (use instanceof Sign) {
            return new Reply.Signature(members(SIGNATURE).get(SIGNATURE));
        } else if (use instanceof Decrypt) {
            return new Reply.Plaintext(members(PLAINTEXT).get(PLAINTEXT));
        } else if (use instanceof UnwrapContentKey) {
            return new Reply.ContentKey(members(CONTENT_KEY).get(CONTENT_KEY));
        }
        return new Reply.SharedSecret(members(SHARED_SECRET).get(SHARED_SECRET));
    }

    private Reply report() throws MessageException {
        Members report = members(VERSION, PID, STARTED, CONNECTIONS, MODULES, TOKENS);
        return new Reply.StatusReport(
                report.get(VERSION),
                report.get(PID),
                instant("started", report.get(STARTED)),
                Math.toIntExact(report.get(CONNECTIONS)),
                report.get(MODULES),
                report.get(TOKENS));
    }

    static Instant instant(String field, String text) throws MessageException {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw MessageException.invalid("Field \"" + field + "\" is not a time after ISO 8601");
        }
    }

    /** The algorithms that this library knows; a newer tokend may name others, which nobody here can ask for. */
    static Set<Algorithm> algorithms(List<String> names) {
        Set<Algorithm> algorithms = EnumSet.noneOf(Algorithm.class);
        names.forEach(name -> Algorithm.ofWireName(name).ifPresent(algorithms::add));
        return algorithms;
    }

    private Members members(Field<?>... fields) throws MessageException {
        byte[] source = parameters == null ? MessageCodec.EMPTY_OBJECT.clone() : frame;
        return Members.ofFrame(source, parameters, Unknown.SKIP, List.of(fields));
    }
}
