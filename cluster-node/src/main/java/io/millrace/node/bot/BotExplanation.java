package io.millrace.node.bot;

import io.millrace.protocol.http.Explanation;
import io.millrace.protocol.http.HandlerSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Why a bot is running, or why it isn't: checks in the order in which they decide (semantics.md, rule 10). Pure. */
final class BotExplanation {
    private final List<Explanation.Check> checks = new ArrayList<>();
    private @Nullable String because;

    private BotExplanation() {}

    static Explanation of(BotSight sight) {
        BotExplanation explanation = new BotExplanation();
        BotReply.Plight plight = explanation.reach(sight) ? sight.plight() : null;
        if (plight == null) {
            return new Explanation(false, Objects.requireNonNull(explanation.because), explanation.checks);
        }
        explanation.registration(plight.state());
        explanation.handler(plight.state(), sight.knowsHandler());
        explanation.backOff(plight.state(), plight.now());
        boolean running = explanation.run(plight.state());
        explanation.due(plight, sight);
        explanation.fences(plight);
        explanation.workers(plight);
        String reason = explanation.because;
        return new Explanation(
                running,
                reason == null ? "Nothing keeps it from running: its next run is about to begin." : reason,
                explanation.checks);
    }

    /** Whether the bot can be told of at all. */
    private boolean reach(BotSight sight) {
        boolean ready = sight.obstacles().isEmpty();
        String obstacles = String.join(", ", sight.obstacles());
        check(
                "node",
                ready,
                ready ? "the node that answers is a member of the cluster and Cassandra answers" : obstacles,
                "The bus can't tell: " + obstacles + ".");
        if (!ready) {
            return false;
        }
        check(
                "exists",
                sight.isListed(),
                sight.isListed() ? "it is registered" : "no bot of this name was ever registered",
                "There is no bot of this name.");
        if (!sight.isListed()) {
            return false;
        }
        BotReply.Plight plight = sight.plight();
        check(
                "answers",
                plight != null,
                plight == null ? sight.silence() : "it lives on " + plight.node(),
                "The bot gives no answer: " + sight.silence() + ".");
        return plight != null;
    }

    private void registration(BotState state) {
        check(
                "not-archived",
                !state.archived(),
                state.archived() ? "it was archived" : "it is not archived",
                "It is archived; registering it again brings it back.");
        String reason = state.pauseReason() == null ? "no reason was given" : "\"" + state.pauseReason() + "\"";
        check(
                "not-paused",
                !state.paused(),
                state.paused() ? "it is paused: " + reason : "it is not paused",
                "It is paused (" + reason + "); resume it.");
    }

    private void handler(BotState state, boolean knows) {
        HandlerSpec handler = state.registration().handler();
        if (handler instanceof HandlerSpec.Java java) {
            check(
                    "handler",
                    knows,
                    "the node that answers " + (knows ? "has " : "has no ") + java.className(),
                    "The node has no handler of the class " + java.className() + ".");
        } else {
            check("handler", true, "its work is done outside of the bus", "");
        }
    }

    private void backOff(BotState state, long now) {
        boolean waits = state.run() == null && state.backoffUntil() > now;
        String errors = state.errorCount() == 0
                ? "the last run was lost without having come further"
                : state.errorCount()
                        + (state.errorCount() == 1 ? " error" : " errors in a row")
                        + (state.isRogue() ? ", so it is rogue and tried every 15 minutes only" : "")
                        + (state.lastError() == null ? "" : "; the last one: " + state.lastError());
        String until = Instant.ofEpochMilli(state.backoffUntil()) + ", in "
                + Duration.ofSeconds((state.backoffUntil() - now + 999) / 1_000);
        check(
                "not-backing-off",
                !waits,
                waits ? errors + "; tried again at " + until : "it isn't waiting after an error",
                (state.isRogue() ? "It is rogue" : "It backs off") + " (" + errors + "): it is tried again at " + until
                        + ", or once it is resumed.");
    }

    private boolean run(BotState state) {
        BotState.Run run = state.run();
        String run1 = run == null
                ? "no run is under way"
                : "run " + run.run() + " of epoch " + run.epoch()
                        + (run.worker() == null ? " on node " + run.node() : " by worker " + run.worker()) + " since "
                        + Instant.ofEpochMilli(run.startedAt()) + ", with "
                        + run.records() + " events checkpointed; its lease ends at "
                        + Instant.ofEpochMilli(run.deadline());
        checks.add(new Explanation.Check("no-run", run == null, run1));
        if (run != null) {
            because = "It is running: " + run1 + ".";
        }
        return run != null;
    }

    private void due(BotReply.Plight plight, BotSight sight) {
        BotState state = plight.state();
        boolean slotCame = schedule(state, sight);
        List<String> ready = new ArrayList<>();
        List<String> paused = new ArrayList<>();
        for (Map.Entry<String, QueueSight> entry : new TreeMap<>(sight.queues()).entrySet()) {
            QueueSight queue = entry.getValue();
            boolean reads = queue.hasEvents() && !queue.isPaused();
            checks.add(new Explanation.Check("queue:" + entry.getKey(), reads, evidence(entry.getKey(), queue, state)));
            if (queue.hasEvents()) {
                (queue.isPaused() ? paused : ready).add(entry.getKey());
            }
        }
        boolean due = slotCame || plight.forced() || !ready.isEmpty();
        String reasons = (plight.forced() ? "it was told to run; " : "")
                + (slotCame ? "a slot of its schedule has come; " : "")
                + (ready.isEmpty() ? "" : "events wait in " + String.join(", ", ready) + "; ");
        String none = whyNotDue(state, sight, paused);
        check("due", due, due ? reasons.substring(0, reasons.length() - 2) : none, none + ".");
    }

    private boolean schedule(BotState state, BotSight sight) {
        String cron = state.registration().schedule();
        if (cron == null) {
            return false;
        }
        Instant next = sight.nextSlot();
        boolean came = next != null && !next.isAfter(sight.now());
        checks.add(new Explanation.Check(
                "schedule",
                came,
                next == null
                        ? "no slot of " + cron + " comes while it is so"
                        : "the next slot of " + cron + " that no run has taken is " + next));
        return came;
    }

    private static String evidence(String name, QueueSight queue, BotState state) {
        String position = "the checkpoint " + state.position(name);
        if (queue.events() == null) {
            return "the queue gives no answer in time";
        } else if (queue.info() == null) {
            return "there is no such queue yet; its first event will make it";
        }
        return (queue.hasEvents() ? queue.events() + " events wait after " : "nothing waits after ")
                + position
                + (queue.isPaused() ? "; the queue is paused" : "");
    }

    private static String whyNotDue(BotState state, BotSight sight, List<String> paused) {
        String schedule = state.registration().schedule();
        Instant slot = sight.nextSlot();
        String next = schedule == null || slot == null ? "" : ", and its schedule's next slot is " + slot;
        if (!paused.isEmpty()) {
            return "Events wait only in queues that are paused: " + String.join(", ", paused) + next;
        }
        List<String> silent = sight.queues().entrySet().stream()
                .filter(entry -> entry.getValue().events() == null)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        if (!silent.isEmpty()) {
            return "No events are known to wait; there is no answer from " + String.join(", ", silent) + next;
        }
        if (state.triggers().isEmpty()) {
            return schedule == null
                    ? "It has neither triggers nor a schedule: it runs when it is told to"
                    : slot == null
                            ? "No slot of its schedule comes while it is so"
                            : "Its schedule's next slot is " + slot;
        }
        return "No events wait for it: it has read its trigger queues to the end" + next;
    }

    private void fences(BotReply.Plight plight) {
        List<String> queues = plight.unfenced();
        boolean told = queues.isEmpty() || plight.state().run() != null;
        String waits = String.join(", ", queues);
        check(
                "fenced",
                told,
                told ? "no earlier run can write any more" : "not yet heard of by " + waits,
                "Queues that it writes to don't know yet that its last run is over: " + waits + ".");
    }

    private void workers(BotReply.Plight plight) {
        if (!(plight.state().registration().handler() instanceof HandlerSpec.Worker)) {
            return;
        }
        boolean some = plight.workers() > 0;
        // A worker that has the run isn't one that waits.
        check(
                "worker",
                some || plight.state().run() != null,
                some ? plight.workers() + " wait for a run" : "no worker waits for a run",
                "No worker asks for its runs; start one.");
    }

    /** Notes a check; the first one that isn't passed is what keeps the bot from running. */
    private void check(String name, boolean passed, String evidence, String otherwise) {
        checks.add(new Explanation.Check(name, passed, evidence));
        if (!passed && because == null) {
            because = otherwise;
        }
    }
}
