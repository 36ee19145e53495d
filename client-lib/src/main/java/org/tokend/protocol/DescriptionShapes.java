package org.tokend.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.List;
import org.tokend.protocol.Members.Field;
import org.tokend.protocol.Members.Unknown;

/** The objects that replies are made of. */
final class DescriptionShapes {
    /** A line: labels come from tokens, and tokens write what they like, so nothing is refused but its length. */
    static final Shape<String> TEXT = (parser, field) -> line(parser, field, 16 * 1024);

    static final Shape<String> PAGE = (parser, field) -> line(parser, field, MessageCodec.MAX_REPLY);

    static final Shape<TokenDescription> TOKEN = (parser, field) -> token(parser);
    static final Shape<KeyDescription> KEY = (parser, field) -> key(parser);
    static final Shape<Reply.ModuleStatus> MODULE = (parser, field) -> module(parser);
    static final Shape<Reply.Event> EVENT = (parser, field) -> event(parser);

    private static final Field<String> URI = text("uri");
    private static final Field<String> LABEL = text("label");
    private static final Field<String> MANUFACTURER = text("manufacturer");
    private static final Field<String> MODEL = text("model");
    private static final Field<String> SERIAL = text("serial");
    private static final Field<String> MODULE_NAME = text("module");
    private static final Field<String> STATE = text("state");
    private static final Field<String> TRIES = text("tries");
    private static final Field<Boolean> PIN_PAD = new Field<>("pinPad", Shape.flag());
    private static final Field<Long> KEY_COUNT = new Field<>("keys", Shape.integer(0, Integer.MAX_VALUE));
    private static final Field<String> PROBLEM = text("problem");

    private static final Field<String> FINGERPRINT = text("fingerprint");
    private static final Field<String> TOKEN_URI = text("token");
    private static final Field<String> CKA_ID = text("ckaId");
    private static final Field<String> TYPE = text("type");
    private static final Field<Long> BITS = new Field<>("bits", Shape.integer(0, Integer.MAX_VALUE));
    private static final Field<String> CURVE = text("curve");
    private static final Field<byte[]> PUBLIC_KEY = new Field<>("publicKey", Shape.bytes(MessageCodec.MAX_REPLY));
    private static final Field<List<byte[]>> CERTIFICATES =
            new Field<>("certificates", Shape.list(Shape.bytes(MessageCodec.MAX_REPLY), 1024));
    private static final Field<List<byte[]>> ISSUERS =
            new Field<>("issuers", Shape.list(Shape.bytes(MessageCodec.MAX_REPLY), 1024));
    private static final Field<List<String>> ALGORITHMS = new Field<>("algorithms", Shape.list(TEXT, 1024));
    private static final Field<Boolean> ASKS_EACH_TIME = new Field<>("asksEachTime", Shape.flag());

    private static final Field<String> NAME = text("name");
    private static final Field<Long> RESTARTS = new Field<>("restarts", Shape.integer(0, Long.MAX_VALUE));

    private static final Field<String> KIND = text("kind");
    private static final Field<String> MESSAGE = text("message");
    private static final Field<String> TIME = text("time");

    private DescriptionShapes() {}

    private static Field<String> text(String name) {
        return new Field<>(name, TEXT);
    }

    private static String line(JsonParser parser, String field, int longest) throws IOException, MessageException {
        Shape.expect(parser, JsonToken.VALUE_STRING, field, "a string");
        String text = parser.getText();
        if (text.length() > longest) {
            throw MessageException.invalid("Field \"" + field + "\" is longer than " + longest + " characters");
        }
        return text;
    }

    private static Members read(JsonParser parser, String where, Field<?>... fields)
            throws IOException, MessageException {
        return Members.read(parser, where, Unknown.SKIP, List.of(fields));
    }

    private static TokenDescription token(JsonParser parser) throws IOException, MessageException {
        Members token = read(
                parser,
                "token",
                URI,
                LABEL,
                MANUFACTURER,
                MODEL,
                SERIAL,
                MODULE_NAME,
                STATE,
                TRIES,
                PIN_PAD,
                KEY_COUNT,
                PROBLEM);
        return new TokenDescription(
                token.get(URI),
                token.get(LABEL),
                token.get(MANUFACTURER),
                token.get(MODEL),
                token.get(SERIAL),
                token.get(MODULE_NAME),
                constant(TokenDescription.State.values(), token, STATE),
                constant(TokenDescription.Tries.values(), token, TRIES),
                token.get(PIN_PAD),
                Math.toIntExact(token.get(KEY_COUNT)),
                token.find(PROBLEM));
    }

    private static KeyDescription key(JsonParser parser) throws IOException, MessageException {
        Members key = read(
                parser,
                "key",
                FINGERPRINT,
                URI,
                TOKEN_URI,
                LABEL,
                CKA_ID,
                TYPE,
                BITS,
                CURVE,
                PUBLIC_KEY,
                CERTIFICATES,
                ISSUERS,
                ALGORITHMS,
                ASKS_EACH_TIME,
                PROBLEM);
        return new KeyDescription(
                key.get(FINGERPRINT),
                key.get(URI),
                key.get(TOKEN_URI),
                key.get(LABEL),
                key.get(CKA_ID),
                key.get(TYPE),
                Math.toIntExact(key.get(BITS)),
                key.find(CURVE),
                key.get(PUBLIC_KEY),
                key.get(CERTIFICATES),
                key.get(ISSUERS),
                ReplyDecoder.algorithms(key.get(ALGORITHMS)),
                key.get(ASKS_EACH_TIME),
                key.find(PROBLEM));
    }

    private static Reply.ModuleStatus module(JsonParser parser) throws IOException, MessageException {
        Members module = read(parser, "module", NAME, STATE, RESTARTS, PROBLEM);
        return new Reply.ModuleStatus(
                module.get(NAME),
                constant(Reply.ModuleState.values(), module, STATE),
                module.get(RESTARTS),
                module.find(PROBLEM));
    }

    private static Reply.Event event(JsonParser parser) throws IOException, MessageException {
        Members event = read(parser, "event", KIND, TOKEN_URI, MESSAGE, TIME);
        String name = event.get(KIND);
        Reply.Event.Kind kind = Reply.Event.Kind.OTHER;
        for (Reply.Event.Kind known : Reply.Event.Kind.values()) {
            kind = known.wireName().equals(name) ? known : kind;
        }
        return new Reply.Event(
                kind, event.find(TOKEN_URI), event.get(MESSAGE), ReplyDecoder.instant("time", event.get(TIME)));
    }

    private static <E extends Enum<E>> E constant(E[] constants, Members members, Field<String> field)
            throws MessageException {
        String name = members.get(field);
        for (E constant : constants) {
            if (MessageCodec.wireName(constant).equals(name)) {
                return constant;
            }
        }
        throw MessageException.invalid("Field \"" + field.name() + "\" names a state that this library does not know; "
                + "use a client-lib as new as the daemon");
    }
}
