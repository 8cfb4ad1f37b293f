package io.millrace.node.bot;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.protocol.Position;
import io.millrace.protocol.RunReason;
import io.millrace.protocol.http.RunProtocol;
import io.millrace.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LastRunsTest {
    @Test
    void theLastHundredAreShownNewestFirst() {
        List<String> noted = LongStream.rangeClosed(1, 128)
                .mapToObj(epoch -> text(run(epoch)))
                .toList();

        List<RunProtocol.Summary> runs =
                LastRuns.of(List.of(run(129), run(128)), noted).runs();

        assertThat(runs).hasSize(100);
        assertThat(runs.get(0).epoch()).isEqualTo(129);
        assertThat(runs.get(99).epoch()).isEqualTo(30);
        assertThat(runs).isSortedAccordingTo((a, b) -> Long.compare(b.epoch(), a.epoch()));
    }

    @Test
    void aRunWhoseNoteWasLostIsShownAsTheBotRemembersIt() {
        assertThat(LastRuns.of(List.of(run(2), run(1)), List.of(text(run(1)))).runs())
                .containsExactly(run(2), run(1));
    }

    @Test
    void aNoteKnowsMoreThanTheBot() {
        RunProtocol.Summary noted =
                run(1).with(Map.of("orders", new RunProtocol.Range(Position.BEGINNING, Position.BEGINNING, 0)));

        assertThat(LastRuns.of(List.of(run(1)), List.of(text(noted))).runs()).containsExactly(noted);
    }

    @Test
    void whatANewerNodeWroteIsReadAsFarAsItIsUnderstood() {
        String newer = text(run(1)).replace("\"epoch\"", "\"lane\":3,\"epoch\"");

        assertThat(LastRuns.of(List.of(), List.of(newer, "{\"epoch\":[]}")).runs())
                .containsExactly(run(1));
    }

    private static RunProtocol.Summary run(long epoch) {
        return new RunProtocol.Summary(
                "r" + epoch, epoch, null, Instant.EPOCH, Instant.EPOCH, 1, "ok", null, RunReason.EVENTS, null);
    }

    private static String text(RunProtocol.Summary run) {
        return new String(Json.bytes(run), StandardCharsets.UTF_8);
    }
}
