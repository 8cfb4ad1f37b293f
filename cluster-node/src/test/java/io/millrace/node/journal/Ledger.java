package io.millrace.node.journal;

import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;

/** A persistent actor that keeps what it is told; a text that begins with {@code !} makes it save a snapshot. */
final class Ledger extends EventSourcedBehavior<Ledger.Command, String, List<String>> {
    interface Command {}

    record Add(String text, ActorRef<List<String>> replyTo) implements Command {}

    record Get(ActorRef<List<String>> replyTo) implements Command {}

    record Stop() implements Command {}

    private Ledger(String id) {
        super(PersistenceId.ofUniqueId(id));
    }

    static Behavior<Command> of(String id) {
        return new Ledger(id);
    }

    @Override
    public List<String> emptyState() {
        return List.of();
    }

    @Override
    public boolean shouldSnapshot(List<String> state, String event, long sequenceNr) {
        return event.startsWith("!");
    }

    @Override
    public CommandHandler<Command, String, List<String>> commandHandler() {
        return newCommandHandlerBuilder()
                .forAnyState()
                .onCommand(
                        Add.class,
                        add -> Effect()
                                .persist(add.text())
                                .thenRun(state -> add.replyTo().tell(state)))
                .onCommand(
                        Get.class,
                        (state, get) ->
                                Effect().none().thenRun(same -> get.replyTo().tell(same)))
                .onCommand(Stop.class, stop -> Effect().stop())
                .build();
    }

    @Override
    public EventHandler<List<String>, String> eventHandler() {
        return (state, event) -> {
            var next = new ArrayList<>(state);
            next.add(event);
            return List.copyOf(next);
        };
    }
}
