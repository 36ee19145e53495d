package org.tokend.daemon.pkcs12;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.tokend.protocol.ErrorCode;

/** The characters of a passphrase for as long as a file is read or written: the JDK takes them in no other form. */
final class Passphrase implements AutoCloseable {
    private final char[] characters;

    private Passphrase(char[] characters) {
        this.characters = characters;
    }

    static Passphrase of(MemorySegment entered) throws KeyFileException {
        ByteBuffer bytes = entered.asByteBuffer();
        CharBuffer decoded = CharBuffer.allocate(Math.toIntExact(entered.byteSize()));
        try {
            if (StandardCharsets.UTF_8.newDecoder().decode(bytes, decoded, true).isError()) {
                throw new CharacterCodingException();
            }
            return new Passphrase(Arrays.copyOf(decoded.array(), decoded.position()));
        } catch (CharacterCodingException e) {
            throw new KeyFileException(ErrorCode.PASSPHRASE_INCORRECT, "the passphrase is not text in UTF-8");
        } finally {
            Arrays.fill(decoded.array(), '\0');
        }
    }

    char[] characters() {
        return characters;
    }

    @Override
    public void close() {
        Arrays.fill(characters, '\0');
    }

    @Override
    public String toString() {
        return "Passphrase[redacted]";
    }
}
