package org.tokend.smime;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.tokend.smime.mime.Source;

/**
 * Bytes put aside until they may be used: in memory while they are few, else in a file of mode 0600 that has lost its name
 * before the first byte is written, so that nothing stays behind when the process ends, however it ends.
 */
public final class Spool extends OutputStream implements Source {

    private static final int IN_MEMORY = 1 << 20;
    private static final int BUFFER = 1 << 16;

    private final Path directory;
    private ByteArrayOutputStream memory = new ByteArrayOutputStream();
    private @Nullable FileChannel file;
    private @Nullable OutputStream end;

    public Spool(Path directory) {
        this.directory = directory;
    }

    /** Reads a stream to its end. */
    public static Spool of(InputStream in, Path directory) throws IOException {
        Spool spool = new Spool(directory);
        in.transferTo(spool);
        return spool;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        OutputStream target = end;
        if (target == null && memory.size() + length > IN_MEMORY) {
            FileChannel channel = openFile();
            file = channel;
            target = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER);
            end = target;
            memory.writeTo(target);
            memory = new ByteArrayOutputStream();
        }
        (target == null ? memory : target).write(bytes, offset, length);
    }

    /** All that was written, in the file. */
    private @Nullable FileChannel written() throws IOException {
        OutputStream target = end;
        if (target != null) {
            target.flush();
        }
        return file;
    }

    /** On Linux DELETE_ON_CLOSE takes the name away right after the file is opened. */
    private FileChannel openFile() throws IOException {
        return FileChannel.open(
                directory.resolve("tokend-" + UUID.randomUUID()),
                Set.of(
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.DELETE_ON_CLOSE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    @Override
    public InputStream open() throws IOException {
        FileChannel channel = written();
        if (channel == null) {
            return Source.of(memory.toByteArray()).open();
        }
        channel.position(0);
        return new BufferedInputStream(new Unclosed(Channels.newInputStream(channel)));
    }

    public long size() throws IOException {
        FileChannel channel = written();
        return channel == null ? memory.size() : channel.size();
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        FileChannel channel = written();
        if (channel == null) {
            memory.writeTo(out);
        } else {
            // From file to file the kernel copies; closing this stream would close the file, which may be read again.
            Channels.newInputStream(channel.position(0)).transferTo(out);
        }
    }

    @Override
    public void close() throws IOException {
        FileChannel channel = file;
        if (channel != null) {
            channel.close();
        }
    }

    /** A reader's close must not close the file, which may be read again. */
    private static final class Unclosed extends FilterInputStream {
        Unclosed(InputStream in) {
            super(in);
        }

        @Override
        public void close() {}
    }
}
