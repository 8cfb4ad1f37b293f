package io.millrace.node.simulation;

/**
 * What a schedule is about.
 *
 * @param bots whether there is a bot at all
 * @param workers whether it is run by workers, else on its node
 * @param sweeper whether somebody looks after bots that weren't woken; without, no message gets lost
 */
record Profile(
        String name, boolean bots, boolean workers, boolean sweeper, int producers, Faults faults, int troubles) {
    static Profile of(Chance chance) {
        int kind = chance.between(0, 9);
        int troubles = chance.between(0, 4);
        int storage = chance.between(0, 2) * 60;
        int late = chance.between(0, 2) * 60;
        if (kind < 3) {
            return new Profile("log", false, false, false, 2, new Faults(storage * 2, 60, 100, late), troubles + 1);
        } else if (kind < 5) {
            return new Profile(
                    "no sweeper", true, chance.perMille(300), false, 1, new Faults(storage, 0, 0, late), troubles);
        }
        return new Profile("pipeline", true, kind > 7, true, 1, new Faults(storage, 40, 60, late), troubles);
    }

    /** Whether nodes may end, and be wrong about where entities live. */
    boolean splits() {
        return !name.equals("no sweeper");
    }
}
