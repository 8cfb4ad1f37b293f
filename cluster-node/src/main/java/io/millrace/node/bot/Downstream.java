package io.millrace.node.bot;

import io.millrace.node.application.Outcome;
import io.millrace.node.application.Queues;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.http.QueueInfo;
import io.millrace.protocol.http.Replay;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Follows what comes of a bot's output through the queues that bots write and the bots that these wake; each looked at once. */
final class Downstream {
    private static final int MOST = 100;

    private final Queues queues;
    private final BotGroups.Ask bots;
    private final Set<String> seenQueues = new TreeSet<>();
    private final Set<String> seenBots = new TreeSet<>();
    private final Deque<String> toFollow = new ArrayDeque<>();
    private boolean complete = true;

    Downstream(Queues queues, BotGroups.Ask bots) {
        this.queues = queues;
        this.bots = bots;
    }

    /** @param origin is none of those that are found, unless its output comes back to it */
    CompletionStage<Replay.Downstream> of(BotState origin) {
        addOutputs(origin);
        return follow();
    }

    private void addOutputs(BotState state) {
        state.written().forEach(this::addQueue);
        List<String> writes = state.registration().writes();
        if (writes != null) {
            writes.forEach(this::addQueue);
        }
    }

    private void addQueue(String queue) {
        if (seenQueues.contains(queue)) {
            return;
        } else if (seenQueues.size() >= MOST) {
            complete = false;
            return;
        }
        seenQueues.add(queue);
        toFollow.add(queue);
    }

    private CompletionStage<Replay.Downstream> follow() {
        String queue = toFollow.poll();
        if (queue == null) {
            return CompletableFuture.completedStage(
                    new Replay.Downstream(List.copyOf(seenQueues), List.copyOf(seenBots), complete));
        }
        return queues.describe(new QueueName(queue))
                .thenCompose(outcome -> outcome instanceof Outcome.Done<QueueInfo> done
                        ? addReaders(done.value().readers(), 0)
                        : CompletableFuture.completedStage(true))
                .thenCompose(added -> follow());
    }

    private CompletionStage<Boolean> addReaders(List<String> readers, int from) {
        if (from == readers.size()) {
            return CompletableFuture.completedStage(true);
        }
        String bot = readers.get(from);
        if (seenBots.contains(bot) || seenBots.size() >= MOST) {
            complete &= seenBots.contains(bot);
            return addReaders(readers, from + 1);
        }
        return bots.ask(bot, BotCommand.Describe::new).thenCompose(reply -> {
            if (reply instanceof BotReply.Info info && !info.state().archived()) {
                seenBots.add(bot);
                addOutputs(info.state());
            }
            return addReaders(readers, from + 1);
        });
    }
}
