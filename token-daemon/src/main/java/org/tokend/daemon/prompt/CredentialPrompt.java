package org.tokend.daemon.prompt;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.tokend.daemon.config.PinSource;
import org.tokend.pkcs11.linux.LockedPage;

/** Reads the PIN from a file that the machine's operator put there. Nobody is asked, so it consents to nothing. */
public final class CredentialPrompt implements PinPrompt {
    private static final int OTHERS_MAY_ANYTHING = 07;
    private static final int GROUP_MAY_WRITE = 020;
    private static final int GROUP_MAY_ANYTHING = 070;

    private final PinSource source;
    private final Map<String, String> environment;
    private final int uid;

    /**
     * @param environment the daemon's
     * @param uid the daemon's
     */
    public CredentialPrompt(PinSource source, Map<String, String> environment, int uid) {
        this.source = source;
        this.environment = Map.copyOf(environment);
        this.uid = uid;
    }

    @Override
    public String name() {
        return "pin-source";
    }

    @Override
    public boolean attended() {
        return false;
    }

    @Override
    public PromptAnswer askPin(PromptRequest request, Withdrawal withdrawal) {
        Path path = path();
        if (path == null) {
            return new PromptAnswer.NotAvailable(
                    "$CREDENTIALS_DIRECTORY is not set; systemd sets it for a service with LoadCredential=");
        }
        try {
            String refusal = refusal(path);
            return refusal == null ? read(path) : new PromptAnswer.NotAvailable(refusal);
        } catch (NoSuchFileException e) {
            return new PromptAnswer.NotAvailable(path + " is not there");
        } catch (IOException e) {
            return new PromptAnswer.NotAvailable(path + " cannot be read: " + e.getMessage());
        }
    }

    @Override
    public PromptAnswer askConsent(PromptRequest request, Withdrawal withdrawal) {
        return new PromptAnswer.NotAvailable("a file cannot be asked a question");
    }

    private @Nullable Path path() {
        return switch (source) {
            case PinSource.File file -> file.path();
            case PinSource.Credential credential -> {
                String directory = environment.get("CREDENTIALS_DIRECTORY");
                yield directory == null ? null : Path.of(directory, credential.name());
            }
        };
    }

    private @Nullable String refusal(Path path) throws IOException {
        Map<String, Object> attributes =
                Files.readAttributes(path, "unix:mode,uid,isRegularFile", LinkOption.NOFOLLOW_LINKS);
        int owner = (Integer) Objects.requireNonNull(attributes.get("uid"));
        int mode = (Integer) Objects.requireNonNull(attributes.get("mode"));
        if (!Boolean.TRUE.equals(attributes.get("isRegularFile"))) {
            return path + " is not a plain file";
        }
        if (owner != 0 && owner != uid) {
            return path + " belongs to user " + owner + "; it must belong to root or to the user of tokend: chown it";
        }
        // systemd gives the service's user access to a credential through an ACL, whose mask shows as group bits.
        int forbidden = source instanceof PinSource.Credential
                ? OTHERS_MAY_ANYTHING | GROUP_MAY_WRITE
                : OTHERS_MAY_ANYTHING | GROUP_MAY_ANYTHING;
        if ((mode & forbidden) != 0) {
            return path + " can be used by others (mode " + Integer.toOctalString(mode & 0777) + "): chmod 0400 "
                    + path;
        }
        return null;
    }

    /** Straight into locked memory: a channel copies through the heap only for buffers that are on it. */
    private static PromptAnswer read(Path path) throws IOException {
        Pin pin = new Pin();
        try (LockedPage page = LockedPage.allocate(Pin.MAX_BYTES + 2L);
                FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            ByteBuffer buffer = page.segment().asByteBuffer();
            int count = 0;
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
                count = buffer.position();
            }
            MemorySegment text = page.segment().asSlice(0, withoutLineEnd(page.segment(), count));
            for (long i = 0; i < text.byteSize(); i++) {
                if (!pin.append(text.get(ValueLayout.JAVA_BYTE, i))) {
                    pin.close();
                    return new PromptAnswer.NotAvailable(path + " is longer than any PIN");
                }
            }
        } catch (IOException e) {
            pin.close();
            throw e;
        }
        if (pin.length() == 0) {
            pin.close();
            return new PromptAnswer.NotAvailable(path + " is empty");
        }
        return new PromptAnswer.Entered(pin);
    }

    private static int withoutLineEnd(MemorySegment text, int length) {
        int end = length;
        if (end > 0 && text.get(ValueLayout.JAVA_BYTE, end - 1L) == '\n') {
            end--;
            if (end > 0 && text.get(ValueLayout.JAVA_BYTE, end - 1L) == '\r') {
                end--;
            }
        }
        return end;
    }
}
