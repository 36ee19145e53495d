package org.tokend.daemon.front.varlink;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import org.tokend.daemon.access.Caller;
import org.tokend.daemon.dispatch.Dispatcher;
import org.tokend.daemon.event.EventBus;
import org.tokend.daemon.event.EventSink;
import org.tokend.daemon.event.Subscription;
import org.tokend.daemon.transport.Connection;
import org.tokend.daemon.transport.Dialogue;
import org.tokend.protocol.Envelope;
import org.tokend.protocol.ErrorCode;
import org.tokend.protocol.FrameException;
import org.tokend.protocol.FrameReader;
import org.tokend.protocol.FrameRoom;
import org.tokend.protocol.MessageCodec;
import org.tokend.protocol.MessageException;
import org.tokend.protocol.Reply;
import org.tokend.protocol.Watch;

/** One connection's requests and answers. */
final class Conversation implements Dialogue {
    private static final Duration WATCH_POLL = Duration.ofSeconds(1);

    private final Connection connection;
    private final Caller caller;
    private final Dispatcher dispatcher;
    private final EventBus events;
    private final FrameChannel channel;
    private final Duration frameTimeout;
    private final FrameRoom room;
    private final ReplyWriter writer;

    Conversation(
            Connection connection,
            Caller caller,
            Dispatcher dispatcher,
            EventBus events,
            Duration frameTimeout,
            FrameRoom room) {
        this.connection = connection;
        this.caller = caller;
        this.dispatcher = dispatcher;
        this.events = events;
        this.channel = new FrameChannel(connection, frameTimeout);
        this.frameTimeout = frameTimeout;
        this.room = room;
        this.writer = new ReplyWriter(connection);
    }

    @Override
    public boolean serve() throws IOException {
        // Its buffer is given up when nothing comes, and there is nothing in it then.
        try (FrameReader reader = new FrameReader(channel, MessageCodec.MAX_REQUEST, frameTimeout, room)) {
            while (connection.isOpen()) {
                if (!reader.hasPending()) {
                    connection.idle();
                }
                byte[] frame = reader.next();
                if (frame == null) {
                    return false;
                }
                connection.busy();
                answer(frame);
            }
        } catch (FrameException.TooLarge e) {
            // Where the next frame begins is unknown now, so this is the last answer.
            writer.write(new Reply.Failure(ErrorCode.FRAME_TOO_LARGE, String.valueOf(e.getMessage())));
        } catch (FrameException.NoRoom e) {
            writer.write(new Reply.Failure(ErrorCode.BUSY, String.valueOf(e.getMessage())));
        } catch (FrameException.TooSlow e) {
            if (!e.insideFrame()) {
                return true;
            }
            writer.write(new Reply.Failure(
                    ErrorCode.INVALID_REQUEST, "the request did not arrive in full in time; send it in one piece"));
        }
        return false;
    }

    private void answer(byte[] frame) throws IOException {
        Envelope envelope;
        try {
            envelope = MessageCodec.decodeRequest(frame);
        } catch (MessageException e) {
            writer.writeFrame(MessageCodec.encodeRefusal(e));
            return;
        }
        if (envelope.request() instanceof Watch && envelope.more()) {
            watch();
            return;
        }
        ReplyWriter.Events progress = writer.new Events();
        boolean wanted = envelope.more() && !envelope.oneway();
        EventSink waiting = envelope.oneway() ? EventSink.NONE : wanted ? progress : progress.silent();
        Reply reply;
        try {
            reply = dispatcher.dispatch(caller, envelope.request(), waiting);
        } finally {
            // Nobody writes any more when the connection is given back, were it after a defect.
            progress.end();
        }
        if (!envelope.oneway()) {
            writer.write(reply, envelope.more());
        }
    }

    /** Until the peer leaves or sends anything. A watcher is at work: it is not closed to make room for others. */
    private void watch() throws IOException {
        try (Subscription subscription = events.subscribe()) {
            writer.write(new Reply.Event(Reply.Event.Kind.WATCHING, null, "watching", Instant.now()));
            connection.setReadTimeout(Duration.ofMillis(1));
            while (connection.isOpen() && !subscription.cut() && connection.read(ByteBuffer.allocate(1)) == 0) {
                Reply.Event event = subscription.next(WATCH_POLL);
                if (event != null) {
                    writer.write(event);
                }
            }
            connection.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            connection.close();
        }
    }
}
