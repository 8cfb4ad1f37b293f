package io.millrace.node.bot;

import static io.millrace.node.bot.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.node.journal.EncodedEvent;
import io.millrace.node.journal.EncodedSnapshot;
import io.millrace.node.journal.JsonHeads;
import io.millrace.protocol.RunReason;
import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.http.HandlerSpec;
import io.millrace.protocol.http.RunProtocol;
import io.millrace.protocol.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What stands in journals must stay readable: the files under {@code golden/bot} never change, only more are added. */
class BotCodecsTest {
    private static final BotEventCodec EVENTS = new BotEventCodec();
    private static final BotSnapshotCodec SNAPSHOTS = new BotSnapshotCodec();

    private static final BotConfig FULL = new BotConfig(
            "prices orders",
            "team blue",
            List.of("demo"),
            List.of("orders"),
            null,
            null,
            new HandlerSpec.Java(
                    "io.example.Price", Json.mapper().createObjectNode().put("factor", 3)),
            List.of("rates"),
            List.of("priced"),
            Duration.ofMinutes(10),
            0.5,
            new BotConfig.Batch(100, 65_536, Duration.ofMillis(250)),
            null,
            null,
            new BotConfig.Lag(Duration.ofMinutes(5), Duration.ofHours(1)),
            false);

    /** File -> event; the name up to the first dash or the end, less {@code .v1}, is the manifest's. */
    private static final Map<String, BotEvent> GOLDEN = golden();

    private static Map<String, BotEvent> golden() {
        Map<String, BotEvent> events = new LinkedHashMap<>();
        events.put("bot.registered.v1", new BotEvent.Registered(NOW, FULL));
        events.put("bot.registered.v1.worker", new BotEvent.Registered(NOW, Given.config(Given.WORKER, "orders")));
        events.put("bot.registered.v1.webhook", new BotEvent.Registered(NOW, Given.config(Given.WEBHOOK, "orders")));
        events.put("bot.archived.v1", new BotEvent.Archived(NOW));
        events.put("bot.paused.v1", new BotEvent.Paused(NOW, "lunch"));
        events.put("bot.paused.v1.silent", new BotEvent.Paused(NOW, null));
        events.put("bot.resumed.v1", new BotEvent.Resumed(NOW));
        events.put(
                "bot.run-started.v1",
                new BotEvent.RunStarted(NOW, "run-1", 7, "node", "worker", NOW + 720_000, NOW + 900_000, null, null));
        events.put(
                "bot.run-started.v1.here",
                new BotEvent.RunStarted(NOW, "run-1", 7, "node", null, NOW + 720_000, NOW + 900_000, null, null));
        events.put("bot.registered.v1.scheduled", new BotEvent.Registered(NOW, Given.scheduled("0 9 * * MON-FRI")));
        events.put(
                "bot.run-started.v1.scheduled",
                new BotEvent.RunStarted(
                        NOW, "run-1", 7, "node", null, NOW + 720_000, NOW + 900_000, RunReason.SCHEDULE, NOW - 5));
        events.put("bot.checkpointed.v1", new BotEvent.Checkpointed(NOW, 7, Given.at(42)));
        events.put(
                "bot.suspected.v1",
                new BotEvent.Suspected(
                        NOW, 7, "orders", Suspect.of(Given.id(9), NOW).attempt(7, NOW, null), 2, false));
        events.put(
                "bot.suspected.v1.judged",
                new BotEvent.Suspected(
                        NOW,
                        7,
                        "orders",
                        new Suspect(Given.id(9), 3, 7, NOW - 9, NOW, "boom", RunProtocol.Action.DEAD_LETTER),
                        3,
                        true));
        events.put(
                "bot.redrive-begun.v1",
                new BotEvent.RedriveBegun(
                        NOW, "price.redrive", 3, Letters.of(List.of(Given.id(3), Given.id(5))), NOW + 60_000));
        events.put("bot.redrive-ended.v1", new BotEvent.RedriveEnded(NOW, 3, true));
        events.put("bot.dead-purged.v1", new BotEvent.DeadPurged(NOW, Letters.upTo(Given.id(9))));
        events.put("bot.wrote.v1", new BotEvent.Wrote("priced"));
        for (BotEvent.How how : BotEvent.How.values()) {
            String error = how == BotEvent.How.ERROR ? "boom" : null;
            long until = how == BotEvent.How.ERROR ? NOW + 2_250 : 0;
            events.put(
                    "bot.run-ended.v1." + how.name().toLowerCase(java.util.Locale.ROOT),
                    new BotEvent.RunEnded(NOW, 7, how, error, until));
        }
        events.put(
                "bot.checkpoint-set.v1", new BotEvent.CheckpointSet(NOW, "orders", Given.checkpoint(3), "once more"));
        events.put(
                "bot.checkpoint-set.v1.undo",
                new BotEvent.CheckpointSet(NOW, "orders", Given.checkpoint(3), "once more", "ann", 7L));
        events.put("bot.skipped.v1", new BotEvent.Skipped(NOW, "orders", Given.id(3)));
        events.put("bot.replay-planned.v1", new BotEvent.ReplayPlanned(NOW, ReplayDecisionsTest.PLAN, NOW + 900_000));
        events.put("bot.replay-begun.v1", new BotEvent.ReplayBegun(NOW, 1, "price.replay"));
        events.put("bot.replay-stepped.v1", new BotEvent.ReplayStepped(1, 2, Given.id(9), 7));
        events.put("bot.replay-copied.v1", new BotEvent.ReplayCopied(1, Given.id(8)));
        events.put("bot.replay-copied.v1.nothing", new BotEvent.ReplayCopied(1, null));
        events.put("bot.replay-ended.v1", new BotEvent.ReplayEnded(NOW, 1, Replaying.Phase.DONE, null));
        events.put("bot.replay-ended.v1.failed", new BotEvent.ReplayEnded(NOW, 1, Replaying.Phase.FAILED, "boom"));
        return events;
    }

    private static BotState state() {
        return Given.apply(
                BotState.EMPTY,
                List.of(
                        new BotEvent.Registered(NOW, FULL),
                        new BotEvent.RunStarted(NOW, "run-1", 1, "node", null, NOW + 5, NOW + 10, null, null),
                        new BotEvent.Wrote("priced"),
                        new BotEvent.RunEnded(NOW + 1, 1, BotEvent.How.ERROR, "boom", NOW + 2_250),
                        new BotEvent.CheckpointSet(NOW + 2, "orders", Given.checkpoint(3), null),
                        new BotEvent.RunStarted(NOW + 3, "run-2", 2, "node", "worker", NOW + 8, NOW + 13, null, null),
                        new BotEvent.Checkpointed(NOW + 4, 2, Given.at(9)),
                        new BotEvent.Paused(NOW + 5, "lunch")));
    }

    static Stream<String> files() {
        return GOLDEN.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("files")
    void whatOldNodesWroteIsReadAndStillWrittenSo(String file) {
        BotEvent event = java.util.Objects.requireNonNull(GOLDEN.get(file));
        byte[] golden = read(file);

        EncodedEvent encoded = EVENTS.encode(event);

        assertThat(EVENTS.decode(manifest(file), ByteBuffer.wrap(golden))).isEqualTo(event);
        assertThat(encoded.manifest()).isEqualTo(manifest(file));
        assertThat(encoded.body().remaining()).isZero();
        assertThat(text(encoded.head())).isEqualTo(text(ByteBuffer.wrap(golden)));
        assertThat(EVENTS.decode(manifest(file), encoded.head())).isEqualTo(event);
    }

    @Test
    void everyManifestHasAGoldenFile() {
        Set<Class<?>> kinds = GOLDEN.values().stream().map(Object::getClass).collect(Collectors.toSet());
        assertThat(kinds)
                .containsExactlyInAnyOrder(Arrays.stream(BotEvent.class.getPermittedSubclasses())
                        .filter(Class::isRecord)
                        .toArray(Class<?>[]::new));
        assertThat(GOLDEN.keySet())
                .allSatisfy(file -> assertThat(EVENTS.decodes(manifest(file))).isTrue());
    }

    @Test
    void snapshotsOfOldNodesAreReadToo() {
        EncodedSnapshot encoded = SNAPSHOTS.encode(state());

        assertThat(SNAPSHOTS.decode("bot.state.v1", ByteBuffer.wrap(read("bot.state.v1"))))
                .isEqualTo(state());
        assertThat(encoded.manifest()).isEqualTo("bot.state.v1");
        assertThat(SNAPSHOTS.decode(encoded.manifest(), encoded.bytes())).isEqualTo(state());
        assertThat(text(encoded.bytes())).isEqualTo(text(ByteBuffer.wrap(read("bot.state.v1"))));
    }

    @Test
    void snapshotsFromBeforeTheLedgerAreReadToo() {
        BotState old = SNAPSHOTS.decode("bot.state.v1", ByteBuffer.wrap(read("bot.state.v1.old")));

        assertThat(old.moves()).isEqualTo(Ledger.NONE);
        assertThat(old.replaying()).isEqualTo(Replaying.NONE);
        assertThat(old.past()).isEqualTo(state().past());
    }

    @Test
    void anEmptyStateComesBackAsItself() {
        EncodedSnapshot encoded = SNAPSHOTS.encode(BotState.EMPTY);
        assertThat(SNAPSHOTS.decode(encoded.manifest(), encoded.bytes())).isEqualTo(BotState.EMPTY);
    }

    @Test
    void whatIsNoBotsIsLeftToOthers() {
        assertThat(EVENTS.encodes("text")).isFalse();
        assertThat(EVENTS.decodes("queue.appended.v1")).isFalse();
        assertThat(SNAPSHOTS.encodes("text")).isFalse();
        assertThat(SNAPSHOTS.decodes("queue.state.v1")).isFalse();
        assertThat(EVENTS.encodes(GOLDEN.values().iterator().next())).isTrue();
        assertThat(SNAPSHOTS.encodes(BotState.EMPTY)).isTrue();
    }

    @Test
    void brokenBytesAreRefused() {
        ByteBuffer broken = ByteBuffer.wrap("{\"at\":1".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> EVENTS.decode("bot.archived.v1", broken)).isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> EVENTS.decode("bot.unknown.v1", broken)).hasMessageContaining("bot.unknown.v1");
    }

    private static String manifest(String file) {
        return file.substring(0, file.indexOf(".v1") + 3);
    }

    /** Field order doesn't matter, numbers do. */
    private static String text(ByteBuffer json) {
        return sorted(JsonHeads.tree(json)).toString();
    }

    private static JsonNode sorted(JsonNode node) {
        if (!node.isObject()) {
            return node;
        }
        var sorted = Json.mapper().createObjectNode();
        node.properties().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(field -> sorted.set(field.getKey(), sorted(field.getValue())));
        return sorted;
    }

    private static byte[] read(String file) {
        try (InputStream in = BotCodecsTest.class.getResourceAsStream("/golden/bot/" + file + ".json")) {
            assertThat(in).as("golden file " + file).isNotNull();
            return java.util.Objects.requireNonNull(in).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes the files of new manifests; existing ones are never to be made again. */
    public static void main(String[] arguments) throws IOException {
        java.nio.file.Path directory = java.nio.file.Path.of(arguments[0]);
        Map<String, ByteBuffer> all = new LinkedHashMap<>();
        GOLDEN.forEach((file, event) -> all.put(file, EVENTS.encode(event).head()));
        all.put("bot.state.v1", SNAPSHOTS.encode(state()).bytes());
        for (Map.Entry<String, ByteBuffer> one : all.entrySet()) {
            java.nio.file.Path file = directory.resolve(one.getKey() + ".json");
            if (!java.nio.file.Files.exists(file)) {
                java.nio.file.Files.writeString(
                        file, JsonHeads.tree(one.getValue()).toPrettyString() + "\n");
            }
        }
    }
}
