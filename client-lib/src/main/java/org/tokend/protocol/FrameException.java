package org.tokend.protocol;

import java.io.IOException;

/** A stream that does not carry frames as it should. Each way it can fail is a type, because each needs another answer. */
public abstract sealed class FrameException extends IOException {
    private static final long serialVersionUID = 1L;

    private FrameException(String message) {
        super(message);
    }

    /** Longer than the bound. Where the next frame begins is unknown, so the stream cannot be used any more. */
    public static final class TooLarge extends FrameException {
        private static final long serialVersionUID = 1L;

        TooLarge(int bound) {
            super("The frame is longer than " + bound + " bytes; send less at once");
        }
    }

    /** Others have taken all the memory for long frames. The stream cannot be used any more. */
    public static final class NoRoom extends FrameException {
        private static final long serialVersionUID = 1L;

        NoRoom() {
            super("Too many long frames are under way at once; try again in a moment");
        }
    }

    /** The stream ended before the NUL. */
    public static final class Truncated extends FrameException {
        private static final long serialVersionUID = 1L;

        Truncated(int pending) {
            super("The stream ended inside a frame, after " + pending + " bytes of it and before its NUL");
        }
    }

    /** The other side did not send, or did not take, what it should in time. */
    public static final class TooSlow extends FrameException {
        private static final long serialVersionUID = 1L;
        private final boolean insideFrame;

        TooSlow(boolean insideFrame) {
            super(insideFrame ? "The other side stopped in the middle of a frame" : "Nothing came in time");
            this.insideFrame = insideFrame;
        }

        public boolean insideFrame() {
            return insideFrame;
        }
    }
}
