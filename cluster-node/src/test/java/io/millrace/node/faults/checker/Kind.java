package io.millrace.node.faults.checker;

/** What can be wrong, by the name under which it is reported. */
public enum Kind {
    LOST("lost"),
    DUPLICATE("duplicate"),
    TORN_BATCH("torn batch"),
    WRONG_ANSWER("wrong answer"),
    REFUSED_YET_THERE("refused yet there"),
    PHANTOM("phantom"),
    REORDERED("reordered"),
    GAP("gap"),
    READERS_DISAGREE("readers disagree"),
    WRONG_RETRY_ANSWER("wrong retry answer"),
    CHECKPOINT_JUMP("checkpoint jump"),
    STALE_EPOCH("stale-epoch effect"),
    OVERLAPPING_LEASE("overlapping lease"),
    OUTPUT_LOST("output lost"),
    OUTPUT_DOUBLED("output doubled"),
    OUTPUT_REORDERED("output reordered"),
    WRONG_PARENTS("wrong parents"),
    LETTER_LOST("dead letter lost"),
    LETTER_DOUBLED("dead letter doubled"),
    WRONGLY_DEAD("wrongly dead"),
    DEAD_YET_DONE("dead yet done"),
    REDRIVE_LOST("redrive lost"),
    REDRIVE_DOUBLED("redrive doubled"),
    STUCK("stuck");

    private final String label;

    Kind(String label) {
        this.label = label;
    }

    @Override
    public String toString() {
        return label;
    }
}
