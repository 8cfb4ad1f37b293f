package io.millrace.node.faults.checker;

import java.util.stream.IntStream;

/** Rule 4: a retry gets the first answer, and a producer's sequences stand in their order and without a gap. */
final class ProducersStayInSequence implements Rule {
    @Override
    public void check(Facts facts, Findings findings) {
        Appends appends = facts.appends;
        for (Appends.Conflict conflict : appends.conflicts()) {
            String what = who(appends, conflict.append()) + " got two answers";
            findings.add(Kind.WRONG_RETRY_ANSWER, 4, what, appends.ackPlace(conflict.append()), conflict.place());
        }
        int[] numbered = IntStream.range(0, appends.size())
                .filter(append -> appends.sequence(append) > 0)
                .toArray();
        Order.by(numbered, appends::sequence);
        Order.by(numbered, appends::producerNumber);
        // A producer's name may be used for several queues.
        Order.by(numbered, appends::queueNumber);
        for (int i = 1; i < numbered.length; i++) {
            if (isSameProducer(appends, numbered[i - 1], numbered[i])) {
                compare(facts, numbered[i - 1], numbered[i], findings);
            }
        }
    }

    private static boolean isSameProducer(Appends appends, int one, int other) {
        return appends.producerNumber(one) == appends.producerNumber(other)
                && appends.queueNumber(one) == appends.queueNumber(other);
    }

    private static void compare(Facts facts, int before, int after, Findings findings) {
        Appends appends = facts.appends;
        Placement placement = facts.placement();
        if (!placement.isThere(after)) {
            return;
        }
        if (appends.sequence(before) == appends.sequence(after)) {
            String what = who(appends, after) + " was used for two contents";
            if (placement.isThere(before)) {
                findings.add(Kind.DUPLICATE, 4, what, appends.place(before), appends.place(after));
            }
        } else if (!placement.isThere(before)) {
            String what = who(appends, after) + " is there without " + who(appends, before);
            findings.add(Kind.GAP, 4, what, appends.place(before), appends.place(after));
        } else if (placement.start(before) > placement.start(after)) {
            String what = who(appends, after) + " stands before " + who(appends, before);
            findings.add(Kind.REORDERED, 4, what, appends.place(before), appends.place(after));
        }
    }

    private static String who(Appends appends, int append) {
        return "sequence " + appends.sequence(append) + " of " + appends.producer(append) + " in "
                + appends.queue(append);
    }
}
