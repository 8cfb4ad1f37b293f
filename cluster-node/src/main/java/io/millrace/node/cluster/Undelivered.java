package io.millrace.node.cluster;

import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import java.util.function.Function;
import org.apache.pekko.actor.AllDeadLetters;
import org.apache.pekko.actor.Dropped;
import org.apache.pekko.actor.UnhandledMessage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.ShardingEnvelope;

/**
 * Answers for those who are not there: a request that found its entity stopped, its node gone or sharding's buffer full, or that
 * sharding dropped while a shard moved, is refused at once. Its sender can try again then; otherwise it would learn nothing
 * before its time limit, and not even then whether anything was done.
 */
public final class Undelivered {
    private static final Problem AWAY =
            Problem.of(ProblemType.UNAVAILABLE, "it is moving to another node; nothing was done, try again");

    private Undelivered() {}

    /** Answers from now on, on this node. */
    public static void answer(ActorSystem<?> system) {
        ActorRef<AllDeadLetters> dead =
                system.systemActorOf(refusing(AllDeadLetters::message), "undelivered", Props.empty());
        system.eventStream().tell(new EventStream.Subscribe<>(AllDeadLetters.class, dead));
        // A shard that hands its entities over no longer listens.
        ActorRef<UnhandledMessage> unheard =
                system.systemActorOf(refusing(UnhandledMessage::message), "unheard", Props.empty());
        system.eventStream().tell(new EventStream.Subscribe<>(UnhandledMessage.class, unheard));
    }

    private static <T> Behavior<T> refusing(Function<T, Object> messageOf) {
        return Behaviors.receiveMessage(letter -> {
            Object told = messageOf.apply(letter);
            // What sharding drops while a shard moves comes as a dead letter about it.
            Object sent = told instanceof Dropped dropped ? dropped.message() : told;
            Object message = sent instanceof ShardingEnvelope<?> envelope ? envelope.message() : sent;
            if (message instanceof Refusable request) {
                request.refuse(AWAY);
            }
            return Behaviors.same();
        });
    }
}
