package io.millrace.node.faults.checker;

import io.millrace.node.faults.history.FinalEvent;
import io.millrace.node.faults.history.Lots;
import io.millrace.node.faults.history.Named;
import io.millrace.node.faults.history.Operation.FinalBot;
import io.millrace.node.faults.history.Operation.Handled;
import io.millrace.node.faults.history.Operation.Redriven;
import io.millrace.node.faults.history.Outcome;
import io.millrace.protocol.Correlation;
import io.millrace.protocol.EventId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Forgeries of what became of events that fail, and of bots that give several outputs. */
enum LetterMutation implements Forgery {
    ONE_OF_SEVERAL_OUTPUTS_DROPPED(Kind.OUTPUT_LOST) {
        @Override
        public boolean apply(Edit edit) {
            FinalEvent one = edit.anyOf("out-c", event -> event.value().endsWith("#2"));
            return one != null && edit.drop("out-c", one.value());
        }
    },
    ONE_OF_SEVERAL_OUTPUTS_TWICE(Kind.OUTPUT_DOUBLED) {
        @Override
        public boolean apply(Edit edit) {
            FinalEvent one = edit.anyOf("out-c", event -> event.value().endsWith("#1"));
            String second = one == null ? "" : one.value().replace("#1", "#2");
            int index = edit.index("out-c", second);
            if (index < 0) {
                return false;
            }
            edit.everywhere("out-c", events -> {
                List<FinalEvent> other = new ArrayList<>(events);
                other.set(index, Edit.with(one, events.get(index).eid(), one));
                return other;
            });
            return true;
        }
    },
    LETTER_DROPPED(Kind.LETTER_LOST) {
        @Override
        public boolean apply(Edit edit) {
            FinalEvent one = edit.anyOf(DEAD, event -> isOf(event, "in-a"));
            return one != null && edit.drop(DEAD, one.value());
        }
    },
    LETTER_DOUBLED(Kind.LETTER_DOUBLED) {
        @Override
        public boolean apply(Edit edit) {
            return edit.again(DEAD, edit.anyOf(DEAD, event -> true));
        }
    },
    LETTER_ABOUT_AN_EVENT_THAT_IS_NONE_OF_THE_BOTS(Kind.WRONG_PARENTS) {
        @Override
        public boolean apply(Edit edit) {
            FinalEvent one = edit.anyOf(DEAD, event -> true);
            List<FinalEvent> others = edit.read("n1", "in-b");
            if (one == null || others.isEmpty()) {
                return false;
            }
            add(edit, one.value(), "in-b", others.get(0).eid());
            return true;
        }
    },
    LETTER_WITH_ANOTHER_PAYLOAD(Kind.WRONG_PARENTS) {
        @Override
        public boolean apply(Edit edit) {
            int index = edit.random.nextInt(edit.read("n1", DEAD).size());
            edit.everywhere(DEAD, events -> {
                List<FinalEvent> other = new ArrayList<>(events);
                FinalEvent one = other.get(index);
                String name = Named.of("else-1", Named.DEAD, one.correlation().start());
                other.set(index, new FinalEvent(one.eid(), name, one.writer(), one.correlation(), one.parents()));
                return other;
            });
            return true;
        }
    },
    HEALTHY_EVENT_DEAD(Kind.WRONGLY_DEAD) {
        @Override
        public boolean apply(Edit edit) {
            FinalEvent healthy = edit.anyOf(
                    "in-a",
                    event -> !Lots.isPoison(BOT, ModelBus.SPLIT.poison(), event.value())
                            && Lots.spread("out-c", event.value()) == 0);
            if (healthy == null) {
                return false;
            }
            String eid = healthy.eid().toString();
            String word = edit.random.nextBoolean() ? Named.DEAD : Named.LOST;
            add(edit, Named.of(healthy.value(), word, eid), "in-a", healthy.eid());
            return true;
        }
    },
    DEAD_EVENT_DONE(Kind.DEAD_YET_DONE) {
        @Override
        public boolean apply(Edit edit) {
            FinalEvent letter = edit.anyOf(DEAD, event -> isOf(event, "in-a"));
            if (letter == null) {
                return false;
            }
            EventId id = edit.beyond("out-c");
            String value = Named.root(letter.value());
            Correlation parent = letter.correlation();
            edit.everywhere(
                    "out-c",
                    events -> Edit.plus(
                            events, new FinalEvent(id, "out-c<" + value + "#1", BOT, parent, List.of(value))));
            return true;
        }
    },
    REDRIVEN_EVENT_DROPPED(Kind.REDRIVE_LOST) {
        @Override
        public boolean apply(Edit edit) {
            edit.operations.removeIf(Handled.class::isInstance);
            FinalEvent one = edit.anyOf(REDRIVE, event -> true);
            return edit.drop(REDRIVE, one.value());
        }
    },
    REDRIVEN_EVENT_OF_ONE_REQUEST_DROPPED(Kind.REDRIVE_LOST) {
        @Override
        public boolean apply(Edit edit) {
            Redriven one = edit.any(
                    Redriven.class,
                    any -> any.call().outcome() == Outcome.OK && !any.letters().isEmpty());
            if (one == null) {
                return false;
            }
            edit.operations.removeIf(
                    any -> any instanceof Redriven all && all.letters().isEmpty());
            edit.operations.removeIf(Handled.class::isInstance);
            edit.everywhere(
                    REDRIVE,
                    events -> events.stream()
                            .filter(event ->
                                    !one.letters().contains(event.correlation().start()))
                            .toList());
            return true;
        }
    },
    REDRIVEN_TWICE(Kind.REDRIVE_DOUBLED) {
        @Override
        public boolean apply(Edit edit) {
            return edit.again(REDRIVE, edit.anyOf(REDRIVE, event -> true));
        }
    },
    REDRIVEN_UNASKED(Kind.PHANTOM) {
        @Override
        public boolean apply(Edit edit) {
            return edit.operations.removeIf(one ->
                    one instanceof Redriven redriven && redriven.letters().isEmpty());
        }
    },
    REDRIVEN_EVENT_WITHOUT_OUTPUT(Kind.OUTPUT_LOST) {
        @Override
        public boolean apply(Edit edit) {
            FinalEvent one = edit.anyOf("out-c", event -> isOf(event, REDRIVE));
            return one != null && edit.drop("out-c", one.value());
        }
    },
    STUCK_BEFORE_WHAT_IS_REDRIVEN(Kind.STUCK) {
        @Override
        public boolean apply(Edit edit) {
            FinalBot one = edit.any(FinalBot.class, any -> any.bot().equals(BOT));
            Map<String, String> checkpoints = new HashMap<>(one.checkpoints());
            checkpoints.remove(REDRIVE);
            edit.replace(one, new FinalBot(one.call(), one.bot(), one.epoch(), checkpoints, one.lag()));
            return true;
        }
    };

    private static final String BOT = ModelBus.SPLIT.bot();
    private static final String DEAD = ModelBus.SPLIT.dead();
    private static final String REDRIVE = ModelBus.SPLIT.redriven();

    private final Kind found;

    LetterMutation(Kind found) {
        this.found = found;
    }

    @Override
    public Kind found() {
        return found;
    }

    private static boolean isOf(FinalEvent event, String source) {
        return event.correlation() != null && event.correlation().source().equals(source);
    }

    /** One more letter, at the end. */
    private static void add(Edit edit, String name, String source, EventId parent) {
        EventId id = edit.beyond(DEAD);
        Correlation correlation = new Correlation(source, parent.toString(), null, 1);
        edit.everywhere(DEAD, events -> Edit.plus(events, new FinalEvent(id, name, BOT, correlation, List.of())));
    }
}
