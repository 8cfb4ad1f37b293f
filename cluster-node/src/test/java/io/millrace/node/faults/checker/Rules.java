package io.millrace.node.faults.checker;

import java.util.List;

/** The nine rules of design.md, section 3, and what holds a history against each. */
final class Rules {
    private Rules() {}

    static List<Rule> all() {
        return List.of(
                // 1. An acknowledged event is in every later full read of its queue, once.
                new AcknowledgedEventsStay(),
                new ReadsReachTheAcknowledged(),
                // 2. An event whose append was refused is in none.
                new OnlyWhatWasAppended(),
                // 3. All readers see one order; who begins after another's acknowledgement gets the larger id.
                new ReadersSeeOneOrder(),
                new LaterAppendsStandLater(),
                // 4. A producer's sequence appears at most once, and its retry gets the first answer.
                new ProducersStayInSequence(),
                // 5. A checkpoint never moves backwards, and never beyond what was handled.
                new CheckpointsOnlyAdvance(),
                new CheckpointsFollowHandling(),
                // 6. No effect of epoch e after the first of e+1.
                new EpochsNeverDecrease(),
                new OutputsKeepTheOrderOfEpochs(),
                // 7. Valid lease intervals of a bot never overlap.
                new LeasesNeverOverlap(),
                // 8. A pipeline's output holds each source event's output exactly once.
                new OutputsExactlyOnce(),
                new DeadLettersExactlyOnce(),
                // 9. After every fault heals, all queues take appends and every bot reaches the tail in time.
                new EverythingRecovers());
    }
}
