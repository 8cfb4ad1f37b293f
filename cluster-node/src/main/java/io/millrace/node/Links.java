package io.millrace.node;

import io.millrace.node.bot.SchedulePlan;
import io.millrace.node.bot.ShardedBots;
import io.millrace.node.bot.TriggerQueues;
import io.millrace.node.cluster.ScheduleChanges;
import io.millrace.node.journal.ScheduleDirectory;
import io.millrace.node.journal.ScheduledBot;
import io.millrace.node.queue.BotSignals;
import io.millrace.node.queue.ShardedQueues;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Position;
import io.millrace.protocol.QueueName;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What queues and bots know of each other: each is given a narrow view of the other, which may begin later than it. */
final class Links {
    private Links() {}

    /** What queues tell bots. */
    static BotSignals signals(AtomicReference<@Nullable ShardedBots> bots) {
        return new BotSignals() {
            @Override
            public void wake(String bot, String queue) {
                Objects.requireNonNull(bots.get()).wake(bot, queue);
            }

            @Override
            public void fenced(String bot, String queue, long epoch, Map<String, EventId> marks) {
                Objects.requireNonNull(bots.get()).fenced(bot, queue, epoch, marks);
            }

            @Override
            public void asleep(String bot, String queue) {
                Objects.requireNonNull(bots.get()).asleep(bot, queue);
            }

            @Override
            public void held(String bot, String queue) {
                Objects.requireNonNull(bots.get()).held(bot, queue);
            }

            @Override
            public void look(String bot, String queue, EventId last) {
                Objects.requireNonNull(bots.get()).check(bot, queue, last);
            }

            @Override
            public void wrote(String bot, String queue) {
                Objects.requireNonNull(bots.get()).wrote(bot, queue);
            }
        };
    }

    /** What bots tell queues. */
    static TriggerQueues triggers(ShardedQueues queues) {
        return new TriggerQueues() {
            @Override
            public void sleep(String queue, String bot, Position position) {
                queues.sleep(new QueueName(queue), bot, position);
            }

            @Override
            public void fence(String queue, String bot, long generation, long epoch) {
                queues.fence(new QueueName(queue), bot, generation, epoch);
            }

            @Override
            public void unsubscribe(String queue, String bot) {
                queues.unsubscribe(new QueueName(queue), bot);
            }
        };
    }

    /** Which bots are due by their schedules. The table first: what is told afterwards only saves the time until it is read again. */
    static SchedulePlan plan(ScheduleDirectory schedules, AtomicReference<@Nullable ScheduleChanges> watch) {
        return new SchedulePlan() {
            @Override
            public CompletionStage<?> put(ScheduledBot scheduled) {
                return schedules.put(scheduled).thenAccept(done -> told(changes -> changes.scheduled(scheduled)));
            }

            @Override
            public CompletionStage<?> remove(String bot) {
                return schedules.remove(bot).thenAccept(done -> told(changes -> changes.unscheduled(bot)));
            }

            private void told(Consumer<ScheduleChanges> change) {
                ScheduleChanges changes = watch.get();
                if (changes != null) {
                    change.accept(changes);
                }
            }
        };
    }
}
