package org.tokend.benchmarks.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tokend.benchmarks.result.Goal;
import org.tokend.benchmarks.result.Measurement;
import org.tokend.benchmarks.result.Results;

/** All of a run for programs, every sample included. */
final class Json {
    private Json() {}

    static String of(Map<String, String> machine, List<Goal> goals, Results results) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text).useDefaultPrettyPrinter()) {
            json.writeStartObject();
            json.writeObjectFieldStart("machine");
            for (Map.Entry<String, String> fact : machine.entrySet()) {
                json.writeStringField(fact.getKey(), fact.getValue());
            }
            json.writeEndObject();
            json.writeArrayFieldStart("goals");
            for (Goal goal : goals) {
                write(json, goal, goal.value(results));
            }
            json.writeEndArray();
            json.writeArrayFieldStart("measurements");
            for (Measurement measurement : results.all()) {
                write(json, measurement);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("notMeasured");
            for (String failure : results.failures()) {
                json.writeString(failure);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return text + "\n";
    }

    private static void write(JsonGenerator json, Goal goal, Optional<Double> value) throws IOException {
        json.writeStartObject();
        json.writeStringField("goal", goal.text());
        json.writeStringField("shouldBe", goal.bound().toString());
        if (value.isPresent()) {
            json.writeNumberField("is", value.get());
            json.writeBooleanField("met", goal.bound().met(value.get()));
        }
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Measurement measurement) throws IOException {
        json.writeStartObject();
        json.writeStringField("what", measurement.what());
        json.writeStringField("situation", measurement.situation());
        json.writeStringField("subject", measurement.subject());
        json.writeStringField("unit", measurement.unit());
        json.writeNumberField("median", measurement.median());
        json.writeArrayFieldStart("samples");
        for (double sample : measurement.samples()) {
            json.writeNumber(sample);
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
