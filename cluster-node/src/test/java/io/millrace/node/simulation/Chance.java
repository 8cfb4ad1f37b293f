package io.millrace.node.simulation;

import java.util.SplittableRandom;

/** All that is random in one schedule comes from here, in one order. */
public final class Chance {
    private final SplittableRandom random;

    Chance(long seed) {
        random = new SplittableRandom(seed);
    }

    /** True in so many of a thousand cases. */
    public boolean perMille(int share) {
        return share > 0 && random.nextInt(1_000) < share;
    }

    /** Both inclusive. */
    public int between(int least, int greatest) {
        return least + random.nextInt(greatest - least + 1);
    }
}
