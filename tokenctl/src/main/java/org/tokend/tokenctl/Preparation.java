package org.tokend.tokenctl;

import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Field;
import java.net.StandardProtocolFamily;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tokend.protocol.Envelope;
import org.tokend.protocol.ListKeys;
import org.tokend.protocol.MessageCodec;
import org.tokend.protocol.MessageException;
import org.tokend.protocol.Reply;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * What speaks with tokend is used once on a thread of its own, while the words of the command line are read: on a second processor the
 * JVM brings it up in that time. It matters to nobody whether it gets done.
 */
final class Preparation implements Runnable {

    /** Annotations as the commands have them: for each kind the JVM makes a class when the first one is read. */
    @SuppressWarnings("unused")
    private static final class Annotated {
        @Option(names = "--any")
        @Parameters
        @Mixin
        @Spec
        private @Nullable Object any;
    }

    static void begin() {
        Thread.ofPlatform().daemon().name("preparation").start(new Preparation());
    }

    @Override
    public void run() {
        for (Field field : Annotated.class.getDeclaredFields()) {
            Annotation[] ignored = field.getAnnotations();
        }
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                Selector selector = Selector.open()) {
            ListKeys request = new ListKeys(null, null);
            byte[] asked = MessageCodec.encodeRequest(new Envelope(request, false, false));
            byte[] answered = MessageCodec.encodeReply(new Reply.Keys(List.of()));
            if (channel.isOpen() && selector.isOpen() && asked.length > 0) {
                Reply ignored = MessageCodec.decodeReply(request, answered);
            }
        } catch (IOException | MessageException e) {
            // Whoever needs it will be told.
        }
    }
}
