package io.millrace.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.millrace.protocol.http.ApiKey;
import io.millrace.protocol.http.AppendResult;
import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.http.BotInfo;
import io.millrace.protocol.http.CheckpointLedger;
import io.millrace.protocol.http.ClusterInfo;
import io.millrace.protocol.http.DeadLetters;
import io.millrace.protocol.http.Explanation;
import io.millrace.protocol.http.HandlerSpec;
import io.millrace.protocol.http.Headers;
import io.millrace.protocol.http.Page;
import io.millrace.protocol.http.ProducerInfo;
import io.millrace.protocol.http.QueueConfig;
import io.millrace.protocol.http.QueueInfo;
import io.millrace.protocol.http.Replay;
import io.millrace.protocol.http.RunProtocol;
import io.millrace.protocol.http.WebhookAnswer;
import io.millrace.protocol.json.Json;
import io.millrace.protocol.lane.Lane;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds openapi.yaml against the records that stand on the wire. */
class OpenApiTest {
    private static final JsonNode CONTRACT = contract();
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

    private static final Map<String, Class<?>> RECORDS = Map.ofEntries(
            Map.entry("Event", Event.class),
            Map.entry("ApiKey", ApiKey.class),
            Map.entry("ApiKeys", ApiKey.Listing.class),
            Map.entry("NewApiKey", ApiKey.Request.class),
            Map.entry("Correlation", Correlation.class),
            Map.entry("Checkpoint", Checkpoint.class),
            Map.entry("Problem", Problem.class),
            Map.entry("InputError", Problem.InputError.class),
            Map.entry("AppendResult", AppendResult.class),
            Map.entry("ProducerInfo", ProducerInfo.class),
            Map.entry("QueueConfig", QueueConfig.class),
            Map.entry("Retention", QueueConfig.Retention.class),
            Map.entry("QueueInfo", QueueInfo.class),
            Map.entry("Writer", QueueInfo.Writer.class),
            Map.entry("QueuesPage", Page.Queues.class),
            Map.entry("BotConfig", BotConfig.class),
            Map.entry("Batch", BotConfig.Batch.class),
            Map.entry("LagLimits", BotConfig.Lag.class),
            Map.entry("Retry", BotConfig.Retry.class),
            Map.entry("Failing", BotInfo.Failing.class),
            Map.entry("Suspect", BotInfo.Suspect.class),
            Map.entry("Redrive", DeadLetters.Redrive.class),
            Map.entry("EditedLetter", DeadLetters.Edited.class),
            Map.entry("SettledLetters", DeadLetters.Settled.class),
            Map.entry("Suspicion", RunProtocol.Suspicion.class),
            Map.entry("Verdict", RunProtocol.Verdict.class),
            Map.entry("Resume", RunProtocol.Resume.class),
            Map.entry("Keys", io.millrace.protocol.lane.Keys.class),
            Map.entry("Rate", io.millrace.protocol.pace.Ramp.class),
            Map.entry("RateInForce", BotInfo.Rate.class),
            Map.entry("JavaHandler", HandlerSpec.Java.class),
            Map.entry("WorkerHandler", HandlerSpec.Worker.class),
            Map.entry("WebhookHandler", HandlerSpec.Webhook.class),
            Map.entry("WebhookAnswer", WebhookAnswer.class),
            Map.entry("WebhookResult", WebhookAnswer.Result.class),
            Map.entry("WebhookEmit", WebhookAnswer.Emit.class),
            Map.entry("BotInfo", BotInfo.class),
            Map.entry("LaneInfo", BotInfo.Lane.class),
            Map.entry("Lane", Lane.class),
            Map.entry("Run", BotInfo.Run.class),
            Map.entry("BotCheckpoints", BotInfo.Checkpoints.class),
            Map.entry("Lag", BotInfo.Lag.class),
            Map.entry("RunCounts", BotInfo.Runs.class),
            Map.entry("WriteLag", BotInfo.WriteLag.class),
            Map.entry("Rates", BotInfo.Rates.class),
            Map.entry("Counts", BotInfo.Counts.class),
            Map.entry("Explanation", Explanation.class),
            Map.entry("Check", Explanation.Check.class),
            Map.entry("Range", RunProtocol.Range.class),
            Map.entry("BotsPage", Page.Bots.class),
            Map.entry("Ask", RunProtocol.Ask.class),
            Map.entry("Grant", RunProtocol.Grant.class),
            Map.entry("Heartbeat", RunProtocol.Heartbeat.class),
            Map.entry("RunCheckpoints", RunProtocol.Checkpoints.class),
            Map.entry("Complete", RunProtocol.Complete.class),
            Map.entry("RunSummary", RunProtocol.Summary.class),
            Map.entry("RunSummaries", RunProtocol.Summaries.class),
            Map.entry("Reset", RunProtocol.Reset.class),
            Map.entry("ReplayRequest", Replay.Request.class),
            Map.entry("Replay", Replay.class),
            Map.entry("Downstream", Replay.Downstream.class),
            Map.entry("ReplayListing", Replay.Listing.class),
            Map.entry("Undo", CheckpointLedger.Undo.class),
            Map.entry("CheckpointLedger", CheckpointLedger.class),
            Map.entry("CheckpointMove", CheckpointLedger.Move.class),
            Map.entry("Skip", CheckpointLedger.Skip.class),
            Map.entry("ClusterInfo", ClusterInfo.class),
            Map.entry("Member", ClusterInfo.Member.class),
            Map.entry("Entity", ClusterInfo.Entity.class),
            Map.entry("ChangedBots", RunProtocol.Changed.class),
            Map.entry("Pause", RunProtocol.Pause.class));

    private static JsonNode contract() {
        try (InputStream stream = OpenApiTest.class.getResourceAsStream("/openapi.yaml")) {
            return YAMLMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build()
                    .readTree(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<Map.Entry<String, Class<?>>> records() {
        return RECORDS.entrySet().stream().sorted(Map.Entry.comparingByKey());
    }

    record Operation(String name, JsonNode item, JsonNode json) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        CONTRACT.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().stream()
                        .filter(method -> METHODS.contains(method.getKey()))
                        .forEach(method -> operations.add(new Operation(
                                method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(),
                                path.getValue(),
                                method.getValue()))));
        return operations;
    }

    @ParameterizedTest
    @MethodSource("records")
    void aSchemaHasTheFieldsOfItsRecord(Map.Entry<String, Class<?>> entry) {
        JsonNode schema = CONTRACT.path("components").path("schemas").path(entry.getKey());
        Set<String> expected = fields(entry.getValue());
        if (HandlerSpec.class.isAssignableFrom(entry.getValue())) {
            expected.add("type");
        }

        assertThat(names(schema.path("properties"))).isEqualTo(expected);
        assertThat(expected).containsAll(texts(schema.path("required")));
    }

    /** What is answered has all its fields but for the nullable ones; Problem leaves out an empty list. */
    @ParameterizedTest
    @MethodSource("records")
    void anAnswersSchemaRequiresWhatIsNeverLeftOut(Map.Entry<String, Class<?>> entry) {
        JsonNode schema = CONTRACT.path("components").path("schemas").path(entry.getKey());
        if (schema.has("additionalProperties") || entry.getValue() == Problem.class) {
            return;
        }
        Set<String> always = new TreeSet<>();
        RecordComponent[] components = entry.getValue().getRecordComponents();
        List<BeanPropertyDefinition> properties = properties(entry.getValue());
        for (RecordComponent component : components) {
            if (!isNullable(component) && component.getType() != BotConfig.class) {
                always.add(properties.stream()
                        .filter(property -> property.getInternalName().equals(component.getName()))
                        .findFirst()
                        .orElseThrow()
                        .getName());
            }
        }

        assertThat(texts(schema.path("required"))).isEqualTo(always);
    }

    private static boolean isNullable(RecordComponent component) {
        return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    @Test
    void everyRecordOfTheWireHasItsSchema() {
        Set<String> records = new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("io.millrace.protocol.http")
                        .stream()
                        .filter(JavaClass::isRecord)
                        .map(JavaClass::getName)
                        .collect(Collectors.toCollection(TreeSet::new));

        assertThat(RECORDS.values().stream().map(Class::getName)).containsAll(records);
        assertThat(records).hasSizeGreaterThan(20);
    }

    @ParameterizedTest
    @MethodSource("operations")
    void everyOperationSaysWhatItDoesAndHowItFails(Operation operation) {
        JsonNode json = operation.json();
        JsonNode responses = json.path("responses");

        assertThat(json.path("summary").asText()).isNotBlank().doesNotEndWith(".");
        assertThat(json.path("operationId").asText()).matches("[a-z][A-Za-z]+");
        assertThat(json.path("tags")).hasSize(1);
        assertThat(names(responses)).anyMatch(status -> status.startsWith("2")).contains("default");
        responses.properties().forEach(response -> {
            JsonNode resolved = resolve(response.getValue());
            assertThat(resolved.path("description").asText())
                    .as(response.getKey())
                    .isNotBlank();
            if (!response.getKey().startsWith("2")) {
                assertThat(resolved.at("/content/application~1problem+json/schema/$ref")
                                .asText())
                        .as(response.getKey())
                        .isEqualTo("#/components/schemas/Problem");
            }
        });
        boolean takesJson = json.at("/requestBody/content").has("application/json");
        assertThat(takesJson).isEqualTo(responses.has("415")).isEqualTo(responses.has("413"));
    }

    @ParameterizedTest
    @MethodSource("operations")
    void everyNameInAPathIsDeclared(Operation operation) {
        Set<String> inPath = new TreeSet<>();
        for (String segment : operation.name().split("/")) {
            if (segment.startsWith("{")) {
                inPath.add(segment.substring(1, segment.length() - 1));
            }
        }
        Set<String> declared = Stream.of(operation.item(), operation.json())
                .flatMap(node -> StreamSupport.stream(node.path("parameters").spliterator(), false))
                .map(OpenApiTest::resolve)
                .filter(parameter -> parameter.path("in").asText().equals("path"))
                .map(parameter -> parameter.path("name").asText())
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(declared).isEqualTo(inPath);
    }

    @Test
    void operationIdsAreUniqueAndReferencesLeadSomewhere() {
        assertThat(operations().stream().map(o -> o.json().path("operationId").asText()))
                .doesNotHaveDuplicates()
                .isNotEmpty();
        for (JsonNode reference : CONTRACT.findValues("$ref")) {
            assertThat(CONTRACT.at(reference.asText().substring(1)).isMissingNode())
                    .as(reference.asText())
                    .isFalse();
        }
    }

    @Test
    void everyKindOfProblemIsNamed() {
        String responses = CONTRACT.path("components").path("responses").toString();

        for (ProblemType type : ProblemType.values()) {
            String slug = type.urn().substring("urn:millrace:problem:".length());
            assertThat(responses).contains("`" + slug + "`");
        }
    }

    @Test
    void limitsAndHeadersAreThoseOfTheCode() {
        JsonNode events = CONTRACT.path("paths").path("/v1/queues/{queue}/events");
        Map<String, JsonNode> parameters = new LinkedHashMap<>();
        for (String method : List.of("get", "post")) {
            events.path(method)
                    .path("parameters")
                    .forEach(p -> parameters.put(p.path("name").asText(), p.path("schema")));
        }

        assertThat(parameters.get("limit").path("maximum").asInt()).isEqualTo(Limits.READ_EVENTS);
        assertThat(events.at("/post/requestBody/content/application~1json/schema/anyOf/1/maxItems")
                        .asInt())
                .isEqualTo(Limits.REQUEST_EVENTS);
        assertThat(parameters).containsKeys(Headers.BOT, Headers.PRODUCER, Headers.SEQUENCE, Headers.RUN);
        assertThat(events.at("/get/responses/200/headers").has(Headers.NEXT)).isTrue();
        assertThat(CONTRACT.at("/components/schemas/EventId/examples/0").asText())
                .satisfies(EventId::parse);
    }

    private static JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? CONTRACT.at(node.path("$ref").asText().substring(1)) : node;
    }

    /** As Jackson reads and writes them, aliases and the fields of what is unwrapped included. */
    private static Set<String> fields(Class<?> type) {
        Set<String> fields = new TreeSet<>();
        for (BeanPropertyDefinition property : properties(type)) {
            if (property.getRawPrimaryType() == BotConfig.class) {
                properties(BotConfig.class).forEach(inner -> fields.add(inner.getName()));
            } else {
                fields.add(property.getName());
                property.findAliases().forEach(alias -> fields.add(alias.getSimpleName()));
            }
        }
        return fields;
    }

    private static List<BeanPropertyDefinition> properties(Class<?> type) {
        Set<String> components = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getName)
                .collect(Collectors.toSet());
        var config = Json.mapper().getDeserializationConfig();
        return config.introspect(config.constructType(type)).findProperties().stream()
                .filter(property -> components.contains(property.getInternalName()))
                .toList();
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static Set<String> texts(JsonNode array) {
        Set<String> texts = new TreeSet<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
