package io.millrace.node.cluster;

import org.apache.pekko.actor.setup.Setup;

/** Hands the roll of members to {@link RollJoinDecider}, which Pekko makes: give it to the system's setup. */
public final class RollSetup extends Setup {
    private final MemberRoll roll;

    public RollSetup(MemberRoll roll) {
        this.roll = roll;
    }

    MemberRoll roll() {
        return roll;
    }
}
