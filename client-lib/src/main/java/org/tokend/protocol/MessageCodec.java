package org.tokend.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/**
 * Frames ⇄ messages, for both ends of the socket. A frame here is one JSON object without the NUL byte that ends it on the
 * wire; {@link FrameReader} and {@link FrameWriter} see to that.
 *
 * <p>Requests are read strictly, replies leniently: a daemon must understand all that it is told, a client may meet a newer
 * daemon.
 */
public final class MessageCodec {
    /** Longest request, in bytes with its NUL. Checked before more than this is buffered. */
    public static final int MAX_REQUEST = 256 * 1024;

    /** Longest reply. A list of all keys with their certificates is longer than any request. */
    public static final int MAX_REPLY = 16 * 1024 * 1024;

    /** The interface of tokend itself. */
    public static final String INTERFACE = "org.tokend.Token";

    /** All interfaces at the socket, the varlink service's own among them. */
    public static final Set<String> INTERFACES = Set.of("org.varlink.service", INTERFACE);

    static final int MAX_DEPTH = 8;
    static final int MAX_NAME = 128;
    static final byte[] EMPTY_OBJECT = {'{', '}'};

    /** Names come from strangers: none is kept for good, and no choice of them makes the parser throw. */
    static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNameLength(MAX_NAME)
                    .maxNumberLength(20)
                    .maxStringLength(MAX_REPLY)
                    .build())
            .build();

    private MessageCodec() {}

    public static Envelope decodeRequest(byte[] frame) throws MessageException {
        return RequestDecoder.decode(frame);
    }

    public static byte[] encodeRequest(Envelope envelope) {
        return write(generator -> RequestEncoder.write(generator, envelope));
    }

    public static byte[] encodeReply(Reply reply) {
        return write(generator -> ReplyEncoder.write(generator, reply));
    }

    /** As {@link #encodeReply}, for a reply that is too long to be held in memory for each of many programs. */
    public static void writeReply(Reply reply, OutputStream stream) throws IOException {
        try (JsonGenerator generator = JSON.createGenerator(stream).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
            ReplyEncoder.write(generator, reply);
        }
    }

    /** The answer to a frame that {@link #decodeRequest} refused, with varlink's standard errors where they fit. */
    public static byte[] encodeRefusal(MessageException refusal) {
        return write(generator -> ReplyEncoder.writeRefusal(generator, refusal));
    }

    /** @param request the call that the frame answers, which says what the parameters are */
    public static Reply decodeReply(Request request, byte[] frame) throws MessageException {
        return ReplyDecoder.decode(request, frame);
    }

    /** The varlink text of {@link #INTERFACE} or of the varlink service itself, for GetInterfaceDescription. */
    public static String interfaceDescription(String interfaceName) throws MessageException {
        if (!INTERFACES.contains(interfaceName)) {
            throw MessageException.unknownInterface(interfaceName);
        }
        String resource = interfaceName + ".varlink";
        try (InputStream text = MessageCodec.class.getResourceAsStream(resource)) {
            if (text == null) {
                throw new IllegalStateException("client-lib lacks its resource " + resource);
            }
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("client-lib's resource " + resource + " cannot be read", e);
        }
    }

    /** How an enum constant without a name of its own stands in JSON: lower case with hyphens. */
    static String wireName(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    interface Content {
        void writeTo(JsonGenerator generator) throws IOException;
    }

    private static byte[] write(Content content) {
        try (ByteArrayBuilder bytes = new ByteArrayBuilder(512);
                JsonGenerator generator = JSON.createGenerator(bytes)) {
            content.writeTo(generator);
            generator.flush();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException("Memory cannot fail to be written", e);
        }
    }
}
