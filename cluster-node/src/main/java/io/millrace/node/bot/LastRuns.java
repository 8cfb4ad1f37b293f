package io.millrace.node.bot;

import io.millrace.protocol.http.RunProtocol;
import io.millrace.protocol.json.InvalidJsonException;
import io.millrace.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The last runs of a bot, put together of what it remembers and what was noted. Pure. */
final class LastRuns {
    /** How many are shown. */
    static final int KEPT = 100;

    private LastRuns() {}

    /**
     * The last {@link #KEPT} runs, newest first. What the bot remembers is certain; what was noted reaches further back, and
     * knows more of a run.
     *
     * @param noted the runs as text; what can't be understood, as a newer node may write it, is left out
     */
    static RunProtocol.Summaries of(List<RunProtocol.Summary> remembered, List<String> noted) {
        Map<Long, RunProtocol.Summary> byEpoch = new TreeMap<>(Comparator.<Long>reverseOrder());
        remembered.forEach(run -> byEpoch.put(run.epoch(), run));
        noted.forEach(text -> read(text).ifPresent(run -> byEpoch.put(run.epoch(), run)));
        return new RunProtocol.Summaries(byEpoch.values().stream().limit(KEPT).toList());
    }

    private static Optional<RunProtocol.Summary> read(String text) {
        try {
            return Optional.of(Json.readAnswer(text.getBytes(StandardCharsets.UTF_8), RunProtocol.Summary.class));
        } catch (InvalidJsonException e) {
            return Optional.empty();
        }
    }
}
