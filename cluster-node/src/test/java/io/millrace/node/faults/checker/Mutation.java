package io.millrace.node.faults.checker;

import io.millrace.node.faults.history.Call;
import io.millrace.node.faults.history.FinalEvent;
import io.millrace.node.faults.history.Operation.Append;
import io.millrace.node.faults.history.Operation.Checkpointed;
import io.millrace.node.faults.history.Operation.FinalBot;
import io.millrace.node.faults.history.Operation.Granted;
import io.millrace.node.faults.history.Operation.Handled;
import io.millrace.node.faults.history.Operation.Healed;
import io.millrace.node.faults.history.Operation.Heartbeat;
import io.millrace.node.faults.history.Operation.Read;
import io.millrace.node.faults.history.Operation.Reset;
import io.millrace.node.faults.history.Outcome;
import io.millrace.node.faults.history.RunOf;
import io.millrace.node.faults.history.Seen;
import io.millrace.protocol.Correlation;
import io.millrace.protocol.EventId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Forgeries of good histories, each with the name under which the checker has to find it. */
enum Mutation implements Forgery {
    DROP(Kind.LOST) {
        @Override
        public boolean apply(Edit edit) {
            Append append = edit.any(Append.class, Mutation::isAcknowledgedSource);
            // Nobody else saw it.
            edit.operations.removeIf(one -> one instanceof Read || one instanceof Handled);
            return append != null && edit.drop(append.queue(), append.values().get(0));
        }
    },
    DROP_FOR_ONE_READER_AT_THE_END(Kind.GAP) {
        @Override
        public boolean apply(Edit edit) {
            List<FinalEvent> events = edit.read("n3", "in-a");
            events.remove(edit.random.nextInt(events.size() - 1));
            return true;
        }
    },
    FULL_READ_ENDS_EARLY(Kind.LOST) {
        @Override
        public boolean apply(Edit edit) {
            List<FinalEvent> events = edit.read("n2", "in-a");
            events.remove(events.size() - 1);
            return true;
        }
    },
    DUPLICATE(Kind.DUPLICATE) {
        @Override
        public boolean apply(Edit edit) {
            EventId id = edit.beyond("in-b");
            FinalEvent again = edit.read("n1", "in-b")
                    .get(edit.random.nextInt(edit.read("n1", "in-b").size()));
            edit.everywhere("in-b", events -> Edit.plus(events, Edit.with(again, id, again)));
            return true;
        }
    },
    SWAP(Kind.REORDERED) {
        @Override
        public boolean apply(Edit edit) {
            Append later = edit.any(
                    Append.class,
                    append -> isAcknowledgedSource(append) && append.values().size() == 1);
            Append earlier = later == null
                    ? null
                    : edit.any(
                            Append.class,
                            append -> isAcknowledgedSource(append)
                                    && append.queue().equals(later.queue())
                                    && append.values().size() == 1
                                    && append.call().to() < startOf(edit, later));
            if (earlier == null) {
                return false;
            }
            int i = edit.index(later.queue(), earlier.values().get(0));
            int j = edit.index(later.queue(), later.values().get(0));
            edit.everywhere(later.queue(), events -> Edit.swapped(events, i, j));
            edit.operations.removeIf(Read.class::isInstance);
            return true;
        }
    },
    SWAP_FOR_ONE_READER(Kind.READERS_DISAGREE) {
        @Override
        public boolean apply(Edit edit) {
            Read page = edit.any(Read.class, read -> read.events().size() > 1);
            if (page == null) {
                return false;
            }
            List<Seen> events = new ArrayList<>(page.events());
            Seen first = events.get(0);
            Seen second = events.get(1);
            events.set(0, new Seen(first.eid(), second.value()));
            events.set(1, new Seen(second.eid(), first.value()));
            edit.replace(page, with(page, events));
            return true;
        }
    },
    READER_GAP_IN_A_PAGE(Kind.GAP) {
        @Override
        public boolean apply(Edit edit) {
            Read page = edit.any(Read.class, read -> read.events().size() > 2);
            if (page == null) {
                return false;
            }
            List<Seen> events = new ArrayList<>(page.events());
            events.remove(edit.random.nextInt(events.size() - 1));
            edit.replace(page, with(page, events));
            return true;
        }
    },
    READER_GAP_BETWEEN_PAGES(Kind.GAP) {
        @Override
        public boolean apply(Edit edit) {
            Read page = edit.any(
                    Read.class,
                    read -> !read.events().isEmpty()
                            && !edit.all(Read.class, next -> isLaterPage(read, next))
                                    .isEmpty()
                            && !edit.all(Read.class, first -> isLaterPage(first, read))
                                    .isEmpty());
            return page != null && edit.operations.remove(page);
        }
    },
    STALE_READ_AT_THE_TAIL(Kind.LOST) {
        @Override
        public boolean apply(Edit edit) {
            Read page = edit.any(
                    Read.class,
                    read -> read.toTail()
                            && !read.events().isEmpty()
                            && isAcknowledgedBefore(
                                    edit,
                                    read.events().get(read.events().size() - 1).value(),
                                    read.call().from()));
            if (page == null) {
                return false;
            }
            edit.replace(page, with(page, page.events().subList(0, page.events().size() - 1)));
            return true;
        }
    },
    REFUSED_EVENT_APPEARS(Kind.REFUSED_YET_THERE) {
        @Override
        public boolean apply(Edit edit) {
            Append refused = edit.any(
                    Append.class,
                    append -> append.call().outcome() == Outcome.FAIL
                            && append.producer() == null
                            && append.run() == null);
            return refused != null
                    && appendEverywhere(edit, refused.queue(), refused.values().get(0), "");
        }
    },
    STALE_OUTPUT_APPEARS(Kind.REFUSED_YET_THERE) {
        @Override
        public boolean apply(Edit edit) {
            Append refused =
                    edit.any(Append.class, append -> append.call().outcome() == Outcome.FAIL && append.run() != null);
            return refused != null
                    && appendEverywhere(edit, refused.queue(), refused.values().get(0), "x");
        }
    },
    PHANTOM(Kind.PHANTOM) {
        @Override
        public boolean apply(Edit edit) {
            return appendEverywhere(edit, "in-a", "nobody-1", "");
        }
    },
    WRONG_QUEUE(Kind.PHANTOM) {
        @Override
        public boolean apply(Edit edit) {
            return appendEverywhere(edit, "in-b", edit.read("n1", "in-a").get(0).value(), "");
        }
    },
    TORN_BATCH(Kind.TORN_BATCH) {
        @Override
        public boolean apply(Edit edit) {
            Append unknown = edit.any(
                    Append.class,
                    append -> append.call().outcome() == Outcome.UNKNOWN
                            && append.producer() == null
                            && append.run() == null
                            && append.values().size() > 1
                            && edit.index(append.queue(), append.values().get(0)) >= 0);
            return unknown != null
                    && edit.drop(unknown.queue(), unknown.values().get(1));
        }
    },
    WRONG_ANSWER(Kind.WRONG_ANSWER) {
        @Override
        public boolean apply(Edit edit) {
            Append append = edit.any(Append.class, Mutation::isAcknowledgedSource);
            edit.replace(append, answered(append, append.first().plus(500)));
            return true;
        }
    },
    WRONG_RETRY_ANSWER(Kind.WRONG_RETRY_ANSWER) {
        @Override
        public boolean apply(Edit edit) {
            Append append = edit.any(Append.class, one -> isAcknowledgedSource(one) && one.producer() != null);
            if (append == null) {
                return false;
            }
            return edit.operations.add(later(answered(append, append.first().plus(500))));
        }
    },
    SEQUENCE_GAP(Kind.GAP) {
        @Override
        public boolean apply(Edit edit) {
            Append append = edit.any(
                    Append.class, one -> isAcknowledgedSource(one) && one.producer() != null && one.sequence() == 1);
            if (append == null
                    || edit.all(Append.class, one -> isSequence(one, append.producer(), 2))
                            .isEmpty()) {
                return false;
            }
            edit.replace(
                    append,
                    new Append(
                            failed(append.call()),
                            append.queue(),
                            append.producer(),
                            append.sequence(),
                            null,
                            append.values(),
                            null,
                            null));
            append.values().forEach(value -> edit.drop(append.queue(), value));
            return true;
        }
    },
    STALE_EFFECT(Kind.STALE_EPOCH) {
        @Override
        public boolean apply(Edit edit) {
            Checkpointed old = edit.any(Checkpointed.class, one -> laterGrant(edit, one.run()) != null);
            if (old == null) {
                return false;
            }
            long at = laterGrant(edit, old.run()).call().to() + 1;
            Call call = Call.ok("worker", "n1", at, at + 1);
            return edit.operations.add(new Checkpointed(call, old.run(), old.queue(), old.position()));
        }
    },
    STALE_HEARTBEAT(Kind.STALE_EPOCH) {
        @Override
        public boolean apply(Edit edit) {
            Granted old = edit.any(Granted.class, one -> laterGrant(edit, one.run()) != null);
            if (old == null) {
                return false;
            }
            long at = laterGrant(edit, old.run()).call().to() + 1;
            return edit.operations.add(new Heartbeat(Call.ok("worker", "n1", at, at + 1), old.run(), false, 0));
        }
    },
    EFFECT_AFTER_A_RESET(Kind.STALE_EPOCH) {
        @Override
        public boolean apply(Edit edit) {
            Reset reset = edit.any(Reset.class, one -> true);
            Granted ended = reset == null
                    ? null
                    : edit.any(
                            Granted.class,
                            one -> one.run().bot().equals(reset.bot())
                                    && one.call().to() < reset.call().from());
            if (ended == null) {
                return false;
            }
            long at = reset.call().to() + 1;
            return edit.operations.add(new Heartbeat(Call.ok("worker", "n1", at, at + 1), ended.run(), false, 0));
        }
    },
    STALE_OUTPUT_BETWEEN_NEWER_ONES(Kind.STALE_EPOCH) {
        @Override
        public boolean apply(Edit edit) {
            Append early = edit.any(Append.class, one -> one.run() != null && one.first() != null);
            Append late = early == null
                    ? null
                    : edit.any(
                            Append.class,
                            one -> one.run() != null
                                    && one.first() != null
                                    && one.run().epoch() > early.run().epoch());
            if (late == null) {
                return false;
            }
            edit.replace(late, under(late, early.run()));
            edit.replace(early, under(early, late.run()));
            return true;
        }
    },
    CHECKPOINT_AHEAD(Kind.CHECKPOINT_JUMP) {
        @Override
        public boolean apply(Edit edit) {
            Handled last = edit.all(Handled.class, one -> one.run().bot().equals("copier")).stream()
                    .reduce((a, b) -> b)
                    .orElse(null);
            Granted any = edit.any(Granted.class, one -> one.run().bot().equals("copier"));
            if (last == null || last.call().to() < any.call().to() || isHandledTwice(edit, last)) {
                return false;
            }
            long at = any.call().to() + 1;
            EventId beyond = last.events().get(last.events().size() - 1).eid();
            return edit.operations.add(
                    new Checkpointed(Call.ok("worker", "n1", at, at + 1), any.run(), "in-a", beyond.toString()));
        }
    },
    CHECKPOINT_BEYOND_THE_TAIL(Kind.CHECKPOINT_JUMP) {
        @Override
        public boolean apply(Edit edit) {
            Checkpointed one = edit.any(Checkpointed.class, any -> true);
            if (one == null) {
                return false;
            }
            edit.replace(
                    one,
                    new Checkpointed(
                            one.call(),
                            one.run(),
                            one.queue(),
                            edit.beyond(one.queue()).toString()));
            return true;
        }
    },
    CHECKPOINT_BACKWARDS(Kind.CHECKPOINT_JUMP) {
        @Override
        public boolean apply(Edit edit) {
            Checkpointed one = edit.any(
                    Checkpointed.class, any -> edit.all(Reset.class, r -> true).isEmpty());
            List<FinalEvent> source = edit.read("n1", "in-a");
            if (one == null || one.position().equals(source.get(0).eid().toString())) {
                return false;
            }
            long at = one.call().to() + 1;
            return edit.operations.add(new Checkpointed(
                    Call.ok("worker", "n1", at, at + 1),
                    one.run(),
                    one.queue(),
                    source.get(0).eid().toString()));
        }
    },
    HANDLER_GAP(Kind.GAP) {
        @Override
        public boolean apply(Edit edit) {
            Handled one = edit.any(
                    Handled.class,
                    any -> any.events().size() > 2 && !any.run().bot().startsWith("laner:"));
            if (one == null) {
                return false;
            }
            List<Seen> events = new ArrayList<>(one.events());
            events.remove(1);
            edit.replace(one, new Handled(one.call(), one.run(), one.source(), events));
            return true;
        }
    },
    LEASE_WHILE_ANOTHER_IS_VALID(Kind.OVERLAPPING_LEASE) {
        @Override
        public boolean apply(Edit edit) {
            Granted one = edit.any(
                    Granted.class,
                    grant -> grant.validUntil() > 0
                            && edit.all(
                                            Granted.class,
                                            other -> other.run()
                                                            .bot()
                                                            .equals(grant.run().bot())
                                                    && other.run().epoch()
                                                            > grant.run().epoch())
                                    .isEmpty());
            if (one == null) {
                return false;
            }
            long at = one.call().to() + 1;
            RunOf next = new RunOf("copier", "thief", one.run().epoch() + 1);
            return edit.operations.add(
                    new Granted(Call.ok("thief", "n2", at, at + 1), next, "thief", at + ModelBus.SECOND));
        }
    },
    EPOCH_GRANTED_TWICE(Kind.OVERLAPPING_LEASE) {
        @Override
        public boolean apply(Edit edit) {
            Granted one = edit.any(Granted.class, grant -> true);
            if (one == null) {
                return false;
            }
            RunOf twin = new RunOf(one.run().bot(), "twin", one.run().epoch());
            return edit.operations.add(new Granted(one.call(), twin, "twin", 0));
        }
    },
    OUTPUT_DROPPED(Kind.OUTPUT_LOST) {
        @Override
        public boolean apply(Edit edit) {
            String queue = edit.random.nextBoolean() ? "out-a" : "out-b";
            if (edit.read("n1", queue).isEmpty()) {
                return false;
            }
            int index = edit.random.nextInt(edit.read("n1", queue).size());
            return edit.drop(queue, edit.read("n1", queue).get(index).value());
        }
    },
    OUTPUT_DOUBLED(Kind.OUTPUT_DOUBLED) {
        @Override
        public boolean apply(Edit edit) {
            String queue = edit.random.nextBoolean() ? "out-a" : "out-b";
            if (edit.all(Reset.class, any -> true).size() > 0
                    || edit.read("n1", queue).isEmpty()) {
                return false;
            }
            EventId id = edit.beyond(queue);
            FinalEvent again = edit.read("n1", queue)
                    .get(edit.random.nextInt(edit.read("n1", queue).size()));
            edit.everywhere(queue, events -> Edit.plus(events, Edit.with(again, id, again)));
            return true;
        }
    },
    OUTPUTS_SWAPPED(Kind.OUTPUT_REORDERED) {
        @Override
        public boolean apply(Edit edit) {
            if (edit.read("n1", "out-a").size() < 2
                    || edit.all(Reset.class, any -> true).size() > 0) {
                return false;
            }
            int index = edit.random.nextInt(edit.read("n1", "out-a").size() - 1);
            edit.everywhere("out-a", events -> Edit.swapped(events, index, index + 1));
            return true;
        }
    },
    WRONG_PARENTS(Kind.WRONG_PARENTS) {
        @Override
        public boolean apply(Edit edit) {
            if (edit.read("n1", "out-b").isEmpty()) {
                return false;
            }
            edit.everywhere("out-b", events -> {
                List<FinalEvent> other = new ArrayList<>(events);
                FinalEvent one = other.get(0);
                Correlation wrong = new Correlation("in-b", edit.beyond("in-b").toString(), null, 1);
                other.set(0, new FinalEvent(one.eid(), one.value(), one.writer(), wrong, one.parents()));
                return other;
            });
            return true;
        }
    },
    STUCK_BOT(Kind.STUCK) {
        @Override
        public boolean apply(Edit edit) {
            FinalBot one = edit.any(FinalBot.class, any -> true);
            edit.replace(one, new FinalBot(one.call(), one.bot(), one.epoch(), one.checkpoints(), Map.of("in-a", 3L)));
            return true;
        }
    },
    LATE_BOT(Kind.STUCK) {
        @Override
        public boolean apply(Edit edit) {
            FinalBot one = edit.any(FinalBot.class, any -> true);
            long late = one.call().from() + 100 * ModelBus.SECOND;
            edit.replace(
                    one,
                    new FinalBot(
                            Call.ok("ending", "n1", late, late), one.bot(), one.epoch(), one.checkpoints(), one.lag()));
            return true;
        }
    },
    STUCK_QUEUE(Kind.STUCK) {
        @Override
        public boolean apply(Edit edit) {
            Healed healed = edit.any(Healed.class, any -> true);
            for (Append one : edit.all(
                    Append.class,
                    any -> isAcknowledgedSource(any)
                            && any.call().from() > healed.call().to())) {
                edit.replace(
                        one,
                        new Append(
                                failed(one.call()),
                                one.queue(),
                                one.producer(),
                                one.sequence(),
                                null,
                                one.values(),
                                null,
                                null));
            }
            return true;
        }
    };

    private final Kind found;

    Mutation(Kind found) {
        this.found = found;
    }

    @Override
    public Kind found() {
        return found;
    }

    private static boolean isAcknowledgedSource(Append append) {
        return append.run() == null && append.call().outcome() == Outcome.OK;
    }

    private static boolean isAcknowledgedBefore(Edit edit, String value, long time) {
        return !edit.all(
                        Append.class,
                        append -> isAcknowledgedSource(append)
                                && append.values().contains(value)
                                && append.call().to() < time)
                .isEmpty();
    }

    private static boolean isSequence(Append append, String producer, long sequence) {
        return isAcknowledgedSource(append) && producer.equals(append.producer()) && append.sequence() == sequence;
    }

    /** When the first attempt of an append began. */
    private static long startOf(Edit edit, Append append) {
        return edit.all(Append.class, one -> one.values().equals(append.values())).stream()
                .mapToLong(one -> one.call().from())
                .min()
                .orElseThrow();
    }

    private static boolean isLaterPage(Read page, Read next) {
        return next.reader().equals(page.reader())
                && next.queue().equals(page.queue())
                && next.call().from() > page.call().from();
    }

    private static boolean isHandledTwice(Edit edit, Handled last) {
        Seen end = last.events().get(last.events().size() - 1);
        return edit.all(
                                Handled.class,
                                one -> one.source().equals(last.source())
                                        && one.events().contains(end))
                        .size()
                > 1;
    }

    private static Granted laterGrant(Edit edit, RunOf run) {
        List<Granted> later = edit.all(
                Granted.class,
                one -> one.run().bot().equals(run.bot()) && one.run().epoch() > run.epoch());
        return later.isEmpty() ? null : later.get(0);
    }

    private static boolean appendEverywhere(Edit edit, String queue, String value, String parent) {
        EventId id = edit.beyond(queue);
        List<String> parents = parent.isEmpty() ? List.of() : List.of(parent);
        edit.everywhere(queue, events -> Edit.plus(events, new FinalEvent(id, value, null, null, parents)));
        return true;
    }

    private static Read with(Read page, List<Seen> events) {
        return new Read(page.call(), page.queue(), page.reader(), page.after(), events, page.toTail());
    }

    private static Append answered(Append append, EventId first) {
        return new Append(
                append.call(),
                append.queue(),
                append.producer(),
                append.sequence(),
                append.run(),
                append.values(),
                first,
                first.plus(append.values().size() - 1L));
    }

    /** By another run, and at a time that tells nothing. */
    private static Append under(Append append, RunOf run) {
        Call call = Call.ok(append.call().client(), append.call().node(), 0, Long.MAX_VALUE / 2);
        return new Append(call, append.queue(), null, 0, run, append.values(), append.first(), append.last());
    }

    private static Append later(Append append) {
        long at = append.call().to() + 1;
        return new Append(
                Call.ok(append.call().client(), "n1", at, at + 1),
                append.queue(),
                append.producer(),
                append.sequence(),
                append.run(),
                append.values(),
                append.first(),
                append.last());
    }

    private static Call failed(Call call) {
        return Call.unknown(call.client(), call.node(), call.from(), call.to(), "timeout");
    }
}
