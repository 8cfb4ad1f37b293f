package io.millrace.node.simulation;

/** How often what goes wrong, in a thousand; all but what heals by itself ends when {@link #heal} is called. */
public final class Faults {
    private boolean on = true;
    private final int storage;
    private final int loss;
    private final int repeats;
    private final int late;

    Faults(int storage, int loss, int repeats, int late) {
        this.storage = storage;
        this.loss = loss;
        this.repeats = repeats;
        this.late = late;
    }

    /** Statements that fail, or seem to. */
    public int storage() {
        return on ? storage : 0;
    }

    int loss() {
        return on ? loss : 0;
    }

    int repeats() {
        return on ? repeats : 0;
    }

    /** Whatever takes much longer than usual. */
    public int late() {
        return on ? late : 0;
    }

    /** Whether messages between two places may overtake each other. */
    boolean reorders() {
        return on && loss > 0;
    }

    void heal() {
        on = false;
    }
}
