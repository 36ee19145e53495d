package org.tokend.daemon.front.varlink;

import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tokend.daemon.event.EventSink;
import org.tokend.daemon.transport.Connection;
import org.tokend.protocol.ErrorCode;
import org.tokend.protocol.FrameException;
import org.tokend.protocol.FrameWriter;
import org.tokend.protocol.KeyDescription;
import org.tokend.protocol.MessageCodec;
import org.tokend.protocol.Reply;

/** Writes replies, and events from whichever thread they come, never in the middle of one another. */
final class ReplyWriter {
    private static final Logger LOG = LoggerFactory.getLogger(ReplyWriter.class);

    /** Thousands of keys take megabytes: many programs that ask for them, or read slowly, would take all memory. */
    private static final int FEW_KEYS = 16;

    /** Of one answer to a caller that takes several: some 200 KiB with certificates, which it has to hold as a whole. */
    private static final int KEYS_AT_A_TIME = 64;

    private final Connection connection;
    private final FrameWriter frames;

    ReplyWriter(Connection connection) {
        this.connection = connection;
        this.frames = new FrameWriter(connection, MessageCodec.MAX_REPLY);
    }

    synchronized void write(Reply reply) throws IOException {
        if (reply instanceof Reply.Keys keys && keys.keys().size() > FEW_KEYS) {
            write(keys);
        } else {
            frames.write(MessageCodec.encodeReply(reply));
        }
    }

    /** @param more the caller takes a long list in several answers */
    synchronized void write(Reply reply, boolean more) throws IOException {
        if (more && reply instanceof Reply.Keys all) {
            writeParts(all.keys());
        } else {
            write(reply);
        }
    }

    private void writeParts(List<KeyDescription> keys) throws IOException {
        int count = KEYS_AT_A_TIME;
        int from = 0;
        boolean more = true;
        while (more) {
            int to = Math.min(keys.size(), from + count);
            more = to < keys.size();
            List<KeyDescription> part = keys.subList(from, to);
            Reply reply = more ? new Reply.SomeKeys(part) : new Reply.Keys(part);
            try {
                frames.write(stream -> MessageCodec.writeReply(reply, stream));
                from = to;
            } catch (FrameException.TooLarge e) {
                // Nothing was written. A key may have a hundred certificates.
                if (part.size() == 1) {
                    throw e;
                }
                count = part.size() / 2;
                more = true;
            }
        }
    }

    private void write(Reply.Keys keys) throws IOException {
        try {
            frames.write(stream -> MessageCodec.writeReply(keys, stream));
        } catch (FrameException.TooLarge e) {
            write(new Reply.Failure(
                    ErrorCode.FRAME_TOO_LARGE,
                    "these " + keys.keys().size()
                            + " keys with their certificates are longer than an answer may be, which is "
                            + MessageCodec.MAX_REPLY / (1024 * 1024)
                            + " MiB; ask with \"more\": true, or name a token, or a key"));
        }
    }

    synchronized void writeFrame(byte[] frame) throws IOException {
        frames.write(frame);
    }

    /** For the events of one request; what comes after its end is dropped. */
    final class Events implements EventSink {
        private boolean ended;

        /** A peer that is gone is not told; its request goes on, since others may wait for the same prompt. */
        @Override
        public void send(Reply.Event event) {
            synchronized (ReplyWriter.this) {
                if (ended || !connection.isOpen()) {
                    return;
                }
                try {
                    write(event);
                } catch (IOException e) {
                    LOG.debug(
                            "event=lost pid={} reason=\"{}\"", connection.peer().pid(), e.getMessage());
                    connection.close();
                }
            }
        }

        @Override
        public boolean gone() {
            return connection.peerIsGone();
        }

        /** For a caller that waits for the reply and wants no events. */
        EventSink silent() {
            return new EventSink() {
                @Override
                public void send(Reply.Event event) {}

                @Override
                public boolean gone() {
                    return Events.this.gone();
                }
            };
        }

        void end() {
            synchronized (ReplyWriter.this) {
                ended = true;
            }
        }
    }
}
