package io.millrace.node.faults.nemesis;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.node.faults.bus.NodeProcess;
import io.millrace.node.faults.bus.Timeline;
import io.millrace.node.faults.history.Call;
import io.millrace.node.faults.history.History;
import io.millrace.node.faults.history.Operation;
import io.millrace.node.faults.work.Acks;
import io.millrace.node.faults.work.Http;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Measures how soon things go on after a fault, beside the run. */
public final class Recoveries {
    private static final long LONGEST = Duration.ofMinutes(2).toNanos();

    private final List<URI> nodes;
    private final Acks acks;
    private final History history;
    private final Timeline timeline;
    private final Map<String, List<Long>> millis = new TreeMap<>();

    public Recoveries(List<NodeProcess> nodes, Acks acks, History history, Timeline timeline) {
        this.nodes = nodes.stream().map(NodeProcess::uri).toList();
        this.acks = acks;
        this.history = history;
        this.timeline = timeline;
    }

    /** The time from {@code moment} to the first acknowledgement of an append that began after it. */
    void awaitAppend(String queue, long moment) {
        measure("append after kill", "queue " + queue, moment, () -> acks.firstBegunAfter(queue, moment));
    }

    /** The time from {@code moment} until the bot has a run of a later epoch. */
    void awaitRun(String bot, long moment, long epoch) {
        Http http = new Http(nodes, bot.hashCode());
        measure("bot running after kill", "bot " + bot, moment, () -> {
            Http.Answer answer = http.get("/v1/bots/" + bot, Duration.ofSeconds(2));
            boolean runs = answer.isOk()
                    && answer.json().has("run")
                    && answer.json().path("run").path("epoch").asLong() > epoch;
            return runs ? OptionalLong.of(System.nanoTime()) : OptionalLong.empty();
        });
    }

    long epoch(String bot) throws InterruptedException {
        Http.Answer answer = new Http(nodes, 0).get("/v1/bots/" + bot, Duration.ofSeconds(2));
        return answer.isOk() ? answer.json().path("epoch").asLong() : Long.MAX_VALUE;
    }

    /** {@return the name of the worker that has the bot's run, or an empty string} */
    String worker(String bot) throws InterruptedException {
        Http.Answer answer = new Http(nodes, 0).get("/v1/bots/" + bot, Duration.ofSeconds(2));
        if (!answer.isOk()) {
            return "";
        }
        for (JsonNode lane : answer.json().path("lanes")) {
            if (lane.path("run").has("worker")) {
                return lane.path("run").path("worker").asText();
            }
        }
        return answer.json().path("run").path("worker").asText("");
    }

    /** How long a queue acknowledged nothing. */
    void gap(String what, String queue, long since) {
        recovered(what, "queue " + queue, acks.longestGap(queue, since, System.nanoTime()));
    }

    @FunctionalInterface
    private interface Look {
        OptionalLong at() throws InterruptedException;
    }

    private void measure(String what, String whose, long moment, Look look) {
        Thread thread = new Thread(() -> {
            try {
                while (System.nanoTime() - moment < LONGEST) {
                    OptionalLong done = look.at();
                    if (done.isPresent()) {
                        recovered(what, whose, done.getAsLong() - moment);
                        return;
                    }
                    Thread.sleep(50);
                }
                timeline.say("NEVER " + what + ": " + whose);
            } catch (InterruptedException ended) {
                // The run ends.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private void recovered(String what, String whose, long nanos) {
        long took = nanos / 1_000_000;
        history.write(new Operation.Recovered(Call.now("nemesis"), what + ": " + whose, took));
        synchronized (millis) {
            millis.computeIfAbsent(what, w -> new ArrayList<>()).add(took);
        }
    }

    /** Median, 99th percentile and largest of each measure. */
    public String summary() {
        StringBuilder lines = new StringBuilder();
        synchronized (millis) {
            millis.forEach((what, all) -> {
                List<Long> sorted = all.stream().sorted().toList();
                lines.append(String.format(
                        "  %s: p50 %d ms, p99 %d ms, max %d ms, of %d%n",
                        what, at(sorted, 0.5), at(sorted, 0.99), sorted.get(sorted.size() - 1), sorted.size()));
            });
        }
        return lines.toString();
    }

    private static long at(List<Long> sorted, double share) {
        return sorted.get((int) Math.min(sorted.size() - 1L, Math.round(share * (sorted.size() - 1))));
    }
}
