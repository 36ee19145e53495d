package org.tokend.tokenctl.output;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import org.tokend.protocol.TokenDescription;

/** Tokens as a table and as JSON. */
public final class TokenText {

    private TokenText() {}

    public static void print(List<TokenDescription> tokens, Environment environment) {
        Table table = new Table("TOKEN", "STATE", "KEYS", "PIN TRIES", "SERIAL", "MODULE", "MODEL");
        for (TokenDescription token : tokens) {
            table.row(
                    token.label(),
                    state(token.state()),
                    token.keys(),
                    word(token.tries()),
                    token.serial(),
                    token.module(),
                    token.model());
        }
        PrintStream out = environment.out();
        table.print(out, environment.outIsTerminal(), environment.coloursOnOut());
        printProblems(tokens, out);
    }

    /** Why the keys of a token are not there. */
    public static void printProblems(List<TokenDescription> tokens, PrintStream out) {
        for (TokenDescription token : tokens) {
            if (token.problem() != null) {
                out.println(Safe.text(token.label() + ": " + token.problem()));
            }
        }
    }

    private static Table.Cell state(TokenDescription.State state) {
        Colour colour = switch (state) {
            case UNLOCKED, OPEN -> Colour.GOOD;
            case LOCKED -> Colour.PLAIN;
            case ABSENT -> Colour.WARNING;
            case PIN_LOCKED, FAILED -> Colour.BAD;
        };
        return new Table.Cell(word(state), colour);
    }

    public static void write(List<TokenDescription> tokens, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("tokens");
        for (TokenDescription token : tokens) {
            json.writeStartObject();
            json.writeStringField("uri", token.uri());
            json.writeStringField("label", token.label());
            json.writeStringField("manufacturer", token.manufacturer());
            json.writeStringField("model", token.model());
            json.writeStringField("serial", token.serial());
            json.writeStringField("module", token.module());
            json.writeStringField("state", word(token.state()));
            json.writeStringField("tries", word(token.tries()));
            json.writeBooleanField("pinPad", token.pinPad());
            json.writeNumberField("keys", token.keys());
            json.writeStringField("problem", token.problem());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    public static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
